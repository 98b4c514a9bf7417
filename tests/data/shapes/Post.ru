INSERT DATA { <id/thing/x> a org:Post ; skos:prefLabel "Contoh"@id }
