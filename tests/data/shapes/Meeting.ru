INSERT DATA { <id/thing/x> a kg:Meeting ; skos:prefLabel "Contoh"@id }
