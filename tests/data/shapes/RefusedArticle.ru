DELETE { ?claim prov:wasDerivedFrom ?old } WHERE { ?claim a kg:RefusedClaim ; prov:wasDerivedFrom ?old }
