INSERT DATA { <id/place/JP> schema:containedInPlace <id/place/kota-toyama--prefektur-toyama> }
