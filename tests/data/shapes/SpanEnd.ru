DELETE WHERE { <id/article/39cd01db7725eb93#char=440,452> nif:endIndex ?old }
