INSERT DATA { <id/member-count/jaringan-kota-sungai-asia--39cd01db7725eb93> kg:memberCount 40 }
