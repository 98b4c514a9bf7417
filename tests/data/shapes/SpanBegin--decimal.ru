# also: SpanId
DELETE { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex ?old } INSERT { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex 440.5 } WHERE { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex ?old }
