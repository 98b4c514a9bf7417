INSERT DATA { <id/delegation/ID--forum-kota-sungai-2025-11-10> kg:headedBy <id/person/ratna-dewi> }
