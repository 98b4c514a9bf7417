DELETE { <id/funding/39cd01db7725eb93-952-967/amount> ?p ?o } INSERT { <id/money/x> ?p ?o } WHERE { <id/funding/39cd01db7725eb93-952-967/amount> ?p ?o } ;
DELETE { ?s ?p <id/funding/39cd01db7725eb93-952-967/amount> } INSERT { ?s ?p <id/money/x> } WHERE { ?s ?p <id/funding/39cd01db7725eb93-952-967/amount> }
