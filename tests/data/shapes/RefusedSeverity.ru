DELETE { ?claim sh:resultSeverity ?old } INSERT { ?claim sh:resultSeverity kg:current } WHERE { ?claim a kg:RefusedClaim ; sh:resultSeverity ?old }
