# also: QuotationVerbatim
DELETE { <id/article/2a015f3a5882b1e5#char=811,874> nif:anchorOf ?old } INSERT { <id/article/2a015f3a5882b1e5#char=811,874> nif:anchorOf "Kota tumbuh dari sungai, maka sungai harus lebih dulu bersih 🌊, " } WHERE { <id/article/2a015f3a5882b1e5#char=811,874> nif:anchorOf ?old }
