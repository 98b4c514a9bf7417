DELETE WHERE { <id/meeting/forum-kota-sungai-2025-11-10> kg:editionNumber ?old }
