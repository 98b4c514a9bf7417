# also: ClaimHolds
DELETE { <id/article/39cd01db7725eb93> schema:publisher ?old } INSERT { <id/article/39cd01db7725eb93> schema:publisher <https://kabarsungai.example/> } WHERE { <id/article/39cd01db7725eb93> schema:publisher ?old }
