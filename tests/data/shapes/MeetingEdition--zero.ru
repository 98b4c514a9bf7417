# also: ClaimHolds
DELETE { <id/meeting/forum-kota-sungai-2025-11-10> kg:editionNumber ?old } INSERT { <id/meeting/forum-kota-sungai-2025-11-10> kg:editionNumber 0 } WHERE { <id/meeting/forum-kota-sungai-2025-11-10> kg:editionNumber ?old }
