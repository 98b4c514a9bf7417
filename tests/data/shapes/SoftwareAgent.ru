DELETE { <id/software/kg-0.1.0> ?p ?o } INSERT { <id/program/kg> ?p ?o } WHERE { <id/software/kg-0.1.0> ?p ?o } ;
DELETE { ?s ?p <id/software/kg-0.1.0> } INSERT { ?s ?p <id/program/kg> } WHERE { ?s ?p <id/software/kg-0.1.0> }
