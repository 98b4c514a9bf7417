INSERT DATA { <id/post/direktur-jenderal-tata-kota-kementerian-kota> dct:spatial <id/government/35.78> }
