INSERT DATA { <id/membership/16.71--jaringan-kota-sungai-asia> kg:since "2020"^^xsd:gYear }
