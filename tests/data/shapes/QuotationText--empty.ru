# also: QuotationVerbatim
DELETE { <id/quotation/39cd01db7725eb93-811-874> schema:text ?old } INSERT { <id/quotation/39cd01db7725eb93-811-874> schema:text ""@id } WHERE { <id/quotation/39cd01db7725eb93-811-874> schema:text ?old }
