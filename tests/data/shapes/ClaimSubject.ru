# also: ClaimHolds
INSERT { ?claim rdf:subject <id/network/jaringan-kota-sungai-asia> } WHERE { ?claim a kg:Claim ; kg:relation "edition" }
