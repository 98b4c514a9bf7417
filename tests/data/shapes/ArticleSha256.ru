DELETE { <id/article/2a015f3a5882b1e5> kg:sha256 ?old } INSERT { <id/article/2a015f3a5882b1e5> kg:sha256 "2a015f3a5882b1e5" } WHERE { <id/article/2a015f3a5882b1e5> kg:sha256 ?old }
