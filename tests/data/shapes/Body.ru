INSERT DATA { <id/thing/x> a kg:Body ; skos:prefLabel "Contoh"@id }
