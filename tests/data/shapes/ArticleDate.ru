# also: ClaimHolds
DELETE { <id/article/39cd01db7725eb93> schema:datePublished ?old } INSERT { <id/article/39cd01db7725eb93> schema:datePublished "2025-13-12"^^xsd:date } WHERE { <id/article/39cd01db7725eb93> schema:datePublished ?old }
