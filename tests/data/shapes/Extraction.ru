DELETE { <id/article/39cd01db7725eb93/extraction> ?p ?o } INSERT { <id/run/1> ?p ?o } WHERE { <id/article/39cd01db7725eb93/extraction> ?p ?o } ;
DELETE { ?s ?p <id/article/39cd01db7725eb93/extraction> } INSERT { ?s ?p <id/run/1> } WHERE { ?s ?p <id/article/39cd01db7725eb93/extraction> }
