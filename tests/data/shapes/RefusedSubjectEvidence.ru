DELETE { ?claim kg:subjectEvidence ?old } INSERT { ?claim kg:subjectEvidence "Panitia" } WHERE { ?claim a kg:RefusedClaim ; kg:subjectEvidence ?old }
