DELETE { ?claim kg:statement ?old } WHERE { ?claim a kg:RefusedClaim ; kg:statement ?old }
