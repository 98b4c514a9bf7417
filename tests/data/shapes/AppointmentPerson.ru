INSERT DATA { <id/appointment/ratna-dewi--wali-kota-33.74--interim> kg:appointee <id/person/lila-anwar> }
