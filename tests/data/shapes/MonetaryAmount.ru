DELETE { <id/funding/2a015f3a5882b1e5-952-967/amount> ?p ?o } INSERT { <id/money/x> ?p ?o } WHERE { <id/funding/2a015f3a5882b1e5-952-967/amount> ?p ?o } ;
DELETE { ?s ?p <id/funding/2a015f3a5882b1e5-952-967/amount> } INSERT { ?s ?p <id/money/x> } WHERE { ?s ?p <id/funding/2a015f3a5882b1e5-952-967/amount> }
