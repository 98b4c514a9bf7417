# also: SpanId, EvidenceArticle
INSERT DATA { <id/article/2a015f3a5882b1e5#char=440,452> nif:referenceContext <id/outlet/kabarsungai-id> }
