INSERT DATA { <id/place/35.78> kg:bpsCode "35.78" }
