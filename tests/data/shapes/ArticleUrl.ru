DELETE { <id/article/2a015f3a5882b1e5> schema:url ?old } INSERT { <id/article/2a015f3a5882b1e5> schema:url "kabarsungai.example" } WHERE { <id/article/2a015f3a5882b1e5> schema:url ?old }
