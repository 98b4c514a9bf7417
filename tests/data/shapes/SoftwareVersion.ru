DELETE { <id/software/kg-0.1.0> schema:softwareVersion ?old } INSERT { <id/software/kg-0.1.0> schema:softwareVersion "newest" } WHERE { <id/software/kg-0.1.0> schema:softwareVersion ?old }
