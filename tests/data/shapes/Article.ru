# also: ArticleKey
INSERT DATA { <id/news/1> a schema:NewsArticle ; kg:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ; schema:inLanguage "id" }
