INSERT DATA { <id/place/35.78> kg:kemendagriCode "33.74" }
