INSERT DATA { <id/appointment/ratna-dewi--wali-kota-33.74--interim> kg:appointedTo <id/post/wali-kota-16.71> }
