# also: ClaimHolds
INSERT { ?claim kg:about <id/meeting/forum-kota-sungai-2025-11-10> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
