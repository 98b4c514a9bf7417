DELETE { <id/membership/16.71--jaringan-kota-sungai-asia> ?p ?o } INSERT { <id/thing/x> ?p ?o } WHERE { <id/membership/16.71--jaringan-kota-sungai-asia> ?p ?o } ;
DELETE { ?s ?p <id/membership/16.71--jaringan-kota-sungai-asia> } INSERT { ?s ?p <id/thing/x> } WHERE { ?s ?p <id/membership/16.71--jaringan-kota-sungai-asia> }
