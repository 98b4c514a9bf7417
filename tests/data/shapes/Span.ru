# also: SpanId
DELETE { <id/article/39cd01db7725eb93#char=440,452> ?p ?o } INSERT { <id/article/39cd01db7725eb93#offset_440_452> ?p ?o } WHERE { <id/article/39cd01db7725eb93#char=440,452> ?p ?o } ;
DELETE { ?s ?p <id/article/39cd01db7725eb93#char=440,452> } INSERT { ?s ?p <id/article/39cd01db7725eb93#offset_440_452> } WHERE { ?s ?p <id/article/39cd01db7725eb93#char=440,452> }
