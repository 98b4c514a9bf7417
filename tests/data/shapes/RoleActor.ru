# also: ClaimHolds
DELETE { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:member ?old } INSERT { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:member <id/place/JP> } WHERE { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:member ?old }
