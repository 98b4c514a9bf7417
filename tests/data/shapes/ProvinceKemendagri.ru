INSERT DATA { <id/place/3578> a kg:Province ; skos:prefLabel "Provinsi Jawa Timur"@id ; kg:kemendagriCode "3578" }
