INSERT { ?claim kg:evidence <id/article/39cd01db7725eb93> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
