INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:role <id/role/menteri> }
