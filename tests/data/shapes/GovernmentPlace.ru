INSERT DATA { <id/government/35.78> dct:spatial <id/place/33.74> }
