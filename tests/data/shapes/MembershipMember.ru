INSERT DATA { <id/membership/16.71--jaringan-kota-sungai-asia> org:member <id/government/33.74> }
