INSERT DATA { [] a kg:Official ; skos:prefLabel "Contoh"@id ; foaf:name "Contoh"@id }
