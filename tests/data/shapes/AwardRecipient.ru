# also: ClaimHolds
DELETE { <id/awarding/35.78--adi-sungai--2025> kg:recipient ?old } INSERT { <id/awarding/35.78--adi-sungai--2025> kg:recipient <id/place/35.78> } WHERE { <id/awarding/35.78--adi-sungai--2025> kg:recipient ?old }
