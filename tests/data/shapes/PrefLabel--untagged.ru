DELETE { <id/body/kementerian-kota> skos:prefLabel ?old } INSERT { <id/body/kementerian-kota> skos:prefLabel "Kementerian Kota" } WHERE { <id/body/kementerian-kota> skos:prefLabel ?old }
