INSERT DATA { <id/quotation/2a015f3a5882b1e5-811-874> schema:spokenByCharacter <id/person/ratna-dewi> }
