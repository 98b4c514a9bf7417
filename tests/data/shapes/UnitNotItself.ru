# also: ParentNotItself
INSERT DATA { <id/body/kementerian-kota> org:subOrganizationOf <id/body/direktorat-jenderal-tata-kota-kementerian-kota> }
