INSERT DATA { <id/member-count/jaringan-kota-sungai-asia--39cd01db7725eb93> kg:countOf <id/government/JP> }
