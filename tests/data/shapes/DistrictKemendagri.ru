INSERT DATA { <id/place/35.78.8> a kg:District ; skos:prefLabel "Kecamatan Gubeng"@id ; kg:kemendagriCode "35.78.8" }
