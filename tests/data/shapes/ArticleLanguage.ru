DELETE { <id/article/39cd01db7725eb93> schema:inLanguage ?old } INSERT { <id/article/39cd01db7725eb93> schema:inLanguage "ms" } WHERE { <id/article/39cd01db7725eb93> schema:inLanguage ?old }
