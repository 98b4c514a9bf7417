INSERT DATA { <id/thing/x> a kg:Official ; skos:prefLabel "Contoh"@id ; foaf:name "Contoh"@id }
