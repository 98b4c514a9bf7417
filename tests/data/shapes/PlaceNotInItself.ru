INSERT DATA { <id/place/35.78> schema:containedInPlace <id/place/35.78> }
