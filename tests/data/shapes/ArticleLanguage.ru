DELETE { <id/article/2a015f3a5882b1e5> schema:inLanguage ?old } INSERT { <id/article/2a015f3a5882b1e5> schema:inLanguage "ms" } WHERE { <id/article/2a015f3a5882b1e5> schema:inLanguage ?old }
