DELETE { ?claim kg:objectEvidence ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:objectEvidence ?old }
