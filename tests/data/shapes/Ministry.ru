INSERT DATA { <id/thing/x> a kg:Ministry ; skos:prefLabel "Contoh"@id }
