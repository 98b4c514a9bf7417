INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> kg:post <id/post/wali-kota-33.74> }
