INSERT DATA { <id/thing/x> a kg:City ; skos:prefLabel "Contoh"@id }
