# also: SpanId, EvidenceArticle
INSERT DATA { <id/article/39cd01db7725eb93#char=440,452> nif:referenceContext <id/outlet/kabarsungai-id> }
