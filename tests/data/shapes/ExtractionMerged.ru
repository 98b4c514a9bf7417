# also: ExtractionSum
DELETE { <id/article/39cd01db7725eb93/extraction> kg:claimsMerged ?old } INSERT { <id/article/39cd01db7725eb93/extraction> kg:claimsMerged -1 } WHERE { <id/article/39cd01db7725eb93/extraction> kg:claimsMerged ?old }
