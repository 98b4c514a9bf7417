DELETE { ?claim kg:subjectEvidence ?old } INSERT { ?claim kg:subjectEvidence "Forum Kota Sungai" } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:subjectEvidence ?old }
