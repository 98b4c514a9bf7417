# also: ClaimHolds
DELETE { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:member ?old } INSERT { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:member <id/place/35.78> } WHERE { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:member ?old }
