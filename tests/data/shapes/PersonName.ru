DELETE { <id/person/budi-santoso> foaf:name ?old } INSERT { <id/person/budi-santoso> foaf:name "Budi Santoso" } WHERE { <id/person/budi-santoso> foaf:name ?old }
