DELETE WHERE { <id/funding/39cd01db7725eb93-952-967> dct:source ?old }
