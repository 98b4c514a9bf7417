# also: ClaimHolds
DELETE { <id/agreement/39cd01db7725eb93-nota-kesepahaman> kg:party ?old } INSERT { <id/agreement/39cd01db7725eb93-nota-kesepahaman> kg:party <id/place/35.78> } WHERE { <id/agreement/39cd01db7725eb93-nota-kesepahaman> kg:party ?old }
