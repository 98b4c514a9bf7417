INSERT DATA { <id/quotation/39cd01db7725eb93-811-874> schema:spokenByCharacter <id/person/ratna-dewi> }
