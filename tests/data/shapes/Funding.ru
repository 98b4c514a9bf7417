DELETE { <id/funding/2a015f3a5882b1e5-952-967> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/funding/2a015f3a5882b1e5-952-967> ?p ?o } ;
DELETE { ?s ?p <id/funding/2a015f3a5882b1e5-952-967> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/funding/2a015f3a5882b1e5-952-967> }
