INSERT DATA { <id/meeting/forum-kota-sungai-2025-11-10> schema:startDate "2025-11-11"^^xsd:date }
