INSERT DATA { <id/thing/x> a kg:Outlet ; skos:prefLabel "Contoh"@id }
