DELETE WHERE { <id/quotation/2a015f3a5882b1e5-811-874> schema:isPartOf ?old }
