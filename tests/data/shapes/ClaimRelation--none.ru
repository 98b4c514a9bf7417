DELETE { ?claim kg:relation ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:relation ?old }
