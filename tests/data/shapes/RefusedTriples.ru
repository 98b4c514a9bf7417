DELETE { ?claim kg:refusedTriples ?old } WHERE { ?claim a kg:RefusedClaim ; kg:refusedTriples ?old }
