# also: SpanId
DELETE { <id/article/2a015f3a5882b1e5#char=440,452> ?p ?o } INSERT { <id/article/2a015f3a5882b1e5#offset_440_452> ?p ?o } WHERE { <id/article/2a015f3a5882b1e5#char=440,452> ?p ?o } ;
DELETE { ?s ?p <id/article/2a015f3a5882b1e5#char=440,452> } INSERT { ?s ?p <id/article/2a015f3a5882b1e5#offset_440_452> } WHERE { ?s ?p <id/article/2a015f3a5882b1e5#char=440,452> }
