INSERT DATA { <id/thing/x> a kg:Country ; skos:prefLabel "Contoh"@id }
