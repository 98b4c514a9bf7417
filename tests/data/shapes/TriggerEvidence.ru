DELETE { ?claim kg:triggerEvidence ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:triggerEvidence ?old }
