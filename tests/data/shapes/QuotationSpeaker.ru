# also: ClaimHolds
DELETE { <id/quotation/2a015f3a5882b1e5-811-874> schema:spokenByCharacter ?old } INSERT { <id/quotation/2a015f3a5882b1e5-811-874> schema:spokenByCharacter <id/network/jaringan-kota-sungai-asia> } WHERE { <id/quotation/2a015f3a5882b1e5-811-874> schema:spokenByCharacter ?old }
