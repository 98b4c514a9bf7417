INSERT DATA { <id/thing/x> a kg:Place ; skos:prefLabel "Contoh"@id }
