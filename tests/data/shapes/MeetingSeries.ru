INSERT DATA { <id/thing/x> a kg:MeetingSeries ; skos:prefLabel "Contoh"@id }
