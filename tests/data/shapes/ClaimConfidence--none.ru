DELETE { ?claim kg:confidence ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:confidence ?old }
