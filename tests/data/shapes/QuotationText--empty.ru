# also: QuotationVerbatim
DELETE { <id/quotation/2a015f3a5882b1e5-811-874> schema:text ?old } INSERT { <id/quotation/2a015f3a5882b1e5-811-874> schema:text ""@id } WHERE { <id/quotation/2a015f3a5882b1e5-811-874> schema:text ?old }
