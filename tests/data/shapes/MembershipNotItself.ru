# also: ClaimHolds
DELETE { <id/membership/16.71--jaringan-kota-sungai-asia> org:member ?old } INSERT { <id/membership/16.71--jaringan-kota-sungai-asia> org:member <id/network/jaringan-kota-sungai-asia> } WHERE { <id/membership/16.71--jaringan-kota-sungai-asia> org:member ?old }
