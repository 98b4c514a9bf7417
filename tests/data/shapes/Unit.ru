INSERT DATA { <id/thing/x> a kg:Unit ; skos:prefLabel "Contoh"@id }
