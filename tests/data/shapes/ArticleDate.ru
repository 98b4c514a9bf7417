# also: ClaimHolds
DELETE { <id/article/2a015f3a5882b1e5> schema:datePublished ?old } INSERT { <id/article/2a015f3a5882b1e5> schema:datePublished "2025-13-12"^^xsd:date } WHERE { <id/article/2a015f3a5882b1e5> schema:datePublished ?old }
