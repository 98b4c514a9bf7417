INSERT DATA { <id/thing/x> a kg:Prefecture ; skos:prefLabel "Contoh"@id }
