INSERT DATA { <id/thing/x> a kg:District ; skos:prefLabel "Contoh"@id }
