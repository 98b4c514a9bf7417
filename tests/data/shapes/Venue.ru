INSERT DATA { <id/thing/x> a kg:Venue ; skos:prefLabel "Contoh"@id }
