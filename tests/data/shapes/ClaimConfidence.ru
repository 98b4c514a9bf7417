DELETE { ?claim kg:confidence ?old } INSERT { ?claim kg:confidence 1.5 } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:confidence ?old }
