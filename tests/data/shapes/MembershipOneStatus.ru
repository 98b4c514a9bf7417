# also: ClaimHolds
DELETE { <id/membership/35.78--jaringan-kota-sungai-asia--projected> org:member ?old } INSERT { <id/membership/35.78--jaringan-kota-sungai-asia--projected> org:member <id/government/16.71> } WHERE { <id/membership/35.78--jaringan-kota-sungai-asia--projected> org:member ?old }
