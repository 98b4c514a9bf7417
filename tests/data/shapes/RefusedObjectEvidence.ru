DELETE { ?claim kg:objectEvidence ?old } INSERT { ?claim kg:objectEvidence "Rp0" } WHERE { ?claim a kg:RefusedClaim ; kg:objectEvidence ?old }
