INSERT DATA { <id/body/direktorat-jenderal-tata-kota-kementerian-kota> org:unitOf <id/government/ID> }
