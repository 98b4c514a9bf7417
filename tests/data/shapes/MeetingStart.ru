# also: ClaimHolds
DELETE { <id/meeting/forum-kota-sungai-2025-11-10> schema:startDate ?old } INSERT { <id/meeting/forum-kota-sungai-2025-11-10> schema:startDate "2025-02-31"^^xsd:date } WHERE { <id/meeting/forum-kota-sungai-2025-11-10> schema:startDate ?old }
