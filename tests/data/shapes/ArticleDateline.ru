INSERT DATA { <id/article/39cd01db7725eb93> schema:dateline "Jakarta"@id }
