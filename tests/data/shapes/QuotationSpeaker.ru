# also: ClaimHolds
DELETE { <id/quotation/39cd01db7725eb93-811-874> schema:spokenByCharacter ?old } INSERT { <id/quotation/39cd01db7725eb93-811-874> schema:spokenByCharacter <id/network/jaringan-kota-sungai-asia> } WHERE { <id/quotation/39cd01db7725eb93-811-874> schema:spokenByCharacter ?old }
