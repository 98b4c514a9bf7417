INSERT { ?claim kg:evidence <id/article/2a015f3a5882b1e5> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
