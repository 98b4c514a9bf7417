INSERT DATA { <id/body/subdirektorat-sungai-kementerian-kota> org:unitOf <id/body/direktorat-jenderal-tata-kota-kementerian-kota> }
