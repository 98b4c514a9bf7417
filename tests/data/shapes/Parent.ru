INSERT DATA { <id/body/kementerian-kota> org:subOrganizationOf <id/place/ID> }
