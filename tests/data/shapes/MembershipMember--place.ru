# also: ClaimHolds
DELETE { <id/membership/16.71--jaringan-kota-sungai-asia> org:member ?old } INSERT { <id/membership/16.71--jaringan-kota-sungai-asia> org:member <id/place/16.71> } WHERE { <id/membership/16.71--jaringan-kota-sungai-asia> org:member ?old }
