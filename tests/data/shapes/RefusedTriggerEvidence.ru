DELETE { ?claim kg:triggerEvidence ?old } INSERT { ?claim kg:triggerEvidence "hibah" } WHERE { ?claim a kg:RefusedClaim ; kg:triggerEvidence ?old }
