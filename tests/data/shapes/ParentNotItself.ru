INSERT DATA { <id/body/kementerian-kota> org:subOrganizationOf <id/body/kementerian-kota> }
