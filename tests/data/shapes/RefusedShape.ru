DELETE { ?claim sh:sourceShape ?old } INSERT { ?claim sh:sourceShape "FundingAmount" } WHERE { ?claim a kg:RefusedClaim ; sh:sourceShape ?old }
