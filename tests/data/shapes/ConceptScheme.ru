DELETE WHERE { <id/theme/smart-river-city> skos:inScheme ?old }
