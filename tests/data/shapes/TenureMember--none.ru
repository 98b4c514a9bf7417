# also: ClaimHolds
DELETE WHERE { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> org:member ?old }
