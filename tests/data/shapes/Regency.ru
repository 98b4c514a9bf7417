INSERT DATA { <id/thing/x> a kg:Regency ; skos:prefLabel "Contoh"@id }
