DELETE WHERE { <id/article/39cd01db7725eb93/extraction> kg:referenceHash ?old }
