INSERT DATA { <id/article/2a015f3a5882b1e5> schema:headline "Judul lain"@id }
