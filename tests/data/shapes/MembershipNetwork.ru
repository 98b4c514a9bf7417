INSERT DATA { <id/membership/16.71--jaringan-kota-sungai-asia> org:organization <id/body/kementerian-kota> }
