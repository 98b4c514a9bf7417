DELETE { ?claim rdf:predicate ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; rdf:predicate ?old }
