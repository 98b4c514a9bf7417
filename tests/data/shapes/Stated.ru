DELETE WHERE { ?claim kg:about <id/membership/16.71--jaringan-kota-sungai-asia> ; ?p ?o }
