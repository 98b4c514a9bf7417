INSERT { ?claim kg:objectEvidence <id/article/2a015f3a5882b1e5#char=40,57> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
