INSERT DATA { [] a skos:Concept ; skos:prefLabel "Contoh"@id ; skos:inScheme kg:themes }
