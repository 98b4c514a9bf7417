INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:organization <id/network/jaringan-kota-sungai-asia> }
