INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> kg:appointment kg:acting }
