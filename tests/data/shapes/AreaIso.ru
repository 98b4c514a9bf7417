INSERT DATA { <id/place/35> a kg:Province ; skos:prefLabel "Provinsi Jawa Timur"@id ; kg:isoCode "JI" }
