INSERT DATA { <id/network/jaringan-kota-sungai-asia> schema:foundingDate "2019"^^xsd:gYear }
