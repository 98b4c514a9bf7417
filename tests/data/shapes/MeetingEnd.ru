# also: ClaimHolds
DELETE { <id/meeting/forum-kota-sungai-2025-11-10> schema:endDate ?old } INSERT { <id/meeting/forum-kota-sungai-2025-11-10> schema:endDate "2025-11-31"^^xsd:date } WHERE { <id/meeting/forum-kota-sungai-2025-11-10> schema:endDate ?old }
