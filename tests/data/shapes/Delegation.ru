DELETE { <id/delegation/ID--forum-kota-sungai-2025-11-10> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/delegation/ID--forum-kota-sungai-2025-11-10> ?p ?o } ;
DELETE { ?s ?p <id/delegation/ID--forum-kota-sungai-2025-11-10> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/delegation/ID--forum-kota-sungai-2025-11-10> }
