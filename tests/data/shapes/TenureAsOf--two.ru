INSERT DATA { <id/tenure/budi-santoso--direktur-jenderal-tata-kota-kementerian-kota> kg:asOf "2025-11-11"^^xsd:date }
