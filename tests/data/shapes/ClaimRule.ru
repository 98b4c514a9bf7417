DELETE { ?claim kg:rule ?old } INSERT { ?claim kg:rule "a rule with spaces" } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:rule ?old }
