INSERT DATA { <id/thing/x> a kg:Province ; skos:prefLabel "Contoh"@id }
