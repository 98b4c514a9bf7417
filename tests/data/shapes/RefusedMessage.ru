DELETE { ?claim sh:resultMessage ?old } WHERE { ?claim a kg:RefusedClaim ; sh:resultMessage ?old }
