INSERT DATA { <id/place/11.1> a kg:City ; skos:prefLabel "Kota Contoh"@id ; kg:kemendagriCode 11.1 }
