DELETE WHERE { <id/quotation/39cd01db7725eb93-811-874> schema:isPartOf ?old }
