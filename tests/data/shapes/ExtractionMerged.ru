# also: ExtractionSum
DELETE { <id/article/2a015f3a5882b1e5/extraction> kg:claimsMerged ?old } INSERT { <id/article/2a015f3a5882b1e5/extraction> kg:claimsMerged -1 } WHERE { <id/article/2a015f3a5882b1e5/extraction> kg:claimsMerged ?old }
