INSERT DATA { <id/article/39cd01db7725eb93> schema:datePublished "2025-11-13"^^xsd:date }
