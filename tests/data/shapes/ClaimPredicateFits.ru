DELETE { ?claim rdf:predicate ?old } INSERT { ?claim rdf:predicate kg:headedBy } WHERE { ?claim a kg:Claim ; kg:relation "leads_delegation" ; rdf:predicate ?old }
