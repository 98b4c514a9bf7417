INSERT DATA { <id/person/budi-santoso> foaf:name "Budi Santosa"@id }
