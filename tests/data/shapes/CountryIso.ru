INSERT DATA { <id/place/JP> kg:isoCode "JPN" }
