DELETE { <id/article/39cd01db7725eb93> schema:url ?old } INSERT { <id/article/39cd01db7725eb93> schema:url "kabarsungai.example" } WHERE { <id/article/39cd01db7725eb93> schema:url ?old }
