# also: ClaimPredicateFits
DELETE { ?claim kg:relation ?old } INSERT { ?claim kg:relation "is_friend_of" } WHERE { ?claim a kg:Claim ; kg:relation "edition" ; kg:relation ?old }
