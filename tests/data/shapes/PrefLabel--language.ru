DELETE { <id/body/kementerian-kota> skos:prefLabel ?old } INSERT { <id/body/kementerian-kota> skos:prefLabel "Ministère de la Ville"@fr } WHERE { <id/body/kementerian-kota> skos:prefLabel ?old }
