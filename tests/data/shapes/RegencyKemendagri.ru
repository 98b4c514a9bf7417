INSERT DATA { <id/place/3578> a kg:City ; skos:prefLabel "Kota Surabaya"@id ; kg:kemendagriCode "3578" }
