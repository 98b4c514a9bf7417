INSERT DATA { <id/body/kementerian-kota> skos:altLabel "Kemenkot" }
