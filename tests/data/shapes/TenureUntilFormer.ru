INSERT DATA { <id/tenure/ratna-dewi--wali-kota-33.74--interim> kg:until "2030"^^xsd:gYear }
