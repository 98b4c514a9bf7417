# also: ClaimHolds
DELETE { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:organization ?old } INSERT { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:organization <id/place/JP> } WHERE { <id/network-role/JP--jaringan-kota-sungai-asia--chair--2025> org:organization ?old }
