INSERT DATA { <id/body/kementerian-kota> skos:altLabel "Kementerian Kota"@id }
