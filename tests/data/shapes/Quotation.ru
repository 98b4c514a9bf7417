DELETE { <id/quotation/2a015f3a5882b1e5-811-874> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/quotation/2a015f3a5882b1e5-811-874> ?p ?o } ;
DELETE { ?s ?p <id/quotation/2a015f3a5882b1e5-811-874> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/quotation/2a015f3a5882b1e5-811-874> }
