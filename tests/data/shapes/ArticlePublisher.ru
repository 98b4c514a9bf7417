# also: ClaimHolds
DELETE { <id/article/2a015f3a5882b1e5> schema:publisher ?old } INSERT { <id/article/2a015f3a5882b1e5> schema:publisher <https://kabarsungai.example/> } WHERE { <id/article/2a015f3a5882b1e5> schema:publisher ?old }
