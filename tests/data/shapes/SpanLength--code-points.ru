# also: QuotationVerbatim
DELETE { <id/article/39cd01db7725eb93#char=811,874> nif:anchorOf ?old } INSERT { <id/article/39cd01db7725eb93#char=811,874> nif:anchorOf "Kota tumbuh dari sungai, maka sungai harus lebih dulu bersih 🌊, " } WHERE { <id/article/39cd01db7725eb93#char=811,874> nif:anchorOf ?old }
