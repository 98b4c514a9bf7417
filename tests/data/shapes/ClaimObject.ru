DELETE { ?claim rdf:object ?old } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; rdf:object ?old }
