# also: EvidenceArticle
DELETE { ?claim ?p ?o } INSERT { <id/claim/first> ?p ?o } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; ?p ?o }
