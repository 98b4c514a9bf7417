DELETE { ?claim kg:subjectEvidence ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:subjectEvidence ?old }
