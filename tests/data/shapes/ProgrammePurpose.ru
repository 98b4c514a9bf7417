DELETE { <id/programme/sapa-sungai> dct:description ?old } INSERT { <id/programme/sapa-sungai> dct:description ""@id } WHERE { <id/programme/sapa-sungai> dct:description ?old }
