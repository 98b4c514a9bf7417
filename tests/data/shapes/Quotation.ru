DELETE { <id/quotation/39cd01db7725eb93-811-874> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/quotation/39cd01db7725eb93-811-874> ?p ?o } ;
DELETE { ?s ?p <id/quotation/39cd01db7725eb93-811-874> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/quotation/39cd01db7725eb93-811-874> }
