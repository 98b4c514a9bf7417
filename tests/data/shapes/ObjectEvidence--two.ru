INSERT { ?claim kg:objectEvidence <id/article/39cd01db7725eb93#char=40,57> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
