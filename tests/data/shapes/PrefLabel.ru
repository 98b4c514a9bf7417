DELETE WHERE { <id/person/budi-santoso> skos:prefLabel ?old }
