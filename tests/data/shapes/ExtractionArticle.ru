DELETE WHERE { <id/article/39cd01db7725eb93/extraction> prov:used ?old }
