DELETE WHERE { <id/article/2a015f3a5882b1e5/extraction> prov:used ?old }
