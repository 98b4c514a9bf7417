# also: SpanLength, SpanId
DELETE { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex ?b ; nif:endIndex ?e } INSERT { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex ?e ; nif:endIndex ?b } WHERE { <id/article/39cd01db7725eb93#char=440,452> nif:beginIndex ?b ; nif:endIndex ?e }
