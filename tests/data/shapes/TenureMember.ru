INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:member <id/person/ratna-dewi> }
