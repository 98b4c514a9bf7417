INSERT DATA { <id/body/kementerian-kota> skos:prefLabel "Departemen Kota"@id }
