DELETE { <id/article/39cd01db7725eb93> kg:sha256 ?old } INSERT { <id/article/39cd01db7725eb93> kg:sha256 "39cd01db7725eb93" } WHERE { <id/article/39cd01db7725eb93> kg:sha256 ?old }
