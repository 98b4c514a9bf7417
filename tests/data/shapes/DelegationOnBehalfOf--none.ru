DELETE WHERE { <id/delegation/ID--forum-kota-sungai-2025-11-10> kg:onBehalfOf ?old }
