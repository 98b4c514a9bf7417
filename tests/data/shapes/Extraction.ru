DELETE { <id/article/2a015f3a5882b1e5/extraction> ?p ?o } INSERT { <id/run/1> ?p ?o } WHERE { <id/article/2a015f3a5882b1e5/extraction> ?p ?o } ;
DELETE { ?s ?p <id/article/2a015f3a5882b1e5/extraction> } INSERT { ?s ?p <id/run/1> } WHERE { ?s ?p <id/article/2a015f3a5882b1e5/extraction> }
