# also: SpanLength, SpanId
DELETE { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex ?b ; nif:endIndex ?e } INSERT { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex ?e ; nif:endIndex ?b } WHERE { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex ?b ; nif:endIndex ?e }
