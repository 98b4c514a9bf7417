INSERT DATA { <id/thing/x> a kg:Network ; skos:prefLabel "Contoh"@id }
