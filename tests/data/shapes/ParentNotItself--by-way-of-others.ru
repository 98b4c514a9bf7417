INSERT DATA { <id/body/direktorat-jenderal-tata-kota-kementerian-kota> org:subOrganizationOf <id/body/subdirektorat-sungai-kementerian-kota> }
