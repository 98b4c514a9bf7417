INSERT DATA { <id/body/kementerian-kota> a kg:Body }
