DELETE { <id/funding/39cd01db7725eb93-952-967> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/funding/39cd01db7725eb93-952-967> ?p ?o } ;
DELETE { ?s ?p <id/funding/39cd01db7725eb93-952-967> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/funding/39cd01db7725eb93-952-967> }
