# also: SpanId
DELETE { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex ?old } INSERT { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex 440.5 } WHERE { <id/article/2a015f3a5882b1e5#char=440,452> nif:beginIndex ?old }
