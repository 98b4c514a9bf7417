INSERT DATA { <id/article/39cd01db7725eb93> nif:isString "Teks yang lain sama sekali." }
