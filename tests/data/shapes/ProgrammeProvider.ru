# also: ClaimHolds
DELETE { <id/programme/sapa-sungai> schema:provider ?old } INSERT { <id/programme/sapa-sungai> schema:provider <id/place/35.78> } WHERE { <id/programme/sapa-sungai> schema:provider ?old }
