# also: Stated
DELETE { ?claim kg:about ?old } WHERE { ?claim a kg:Claim ; kg:relation "member_of" ; kg:about ?old }
