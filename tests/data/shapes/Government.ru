INSERT DATA { <id/thing/x> a kg:Government ; skos:prefLabel "Contoh"@id }
