INSERT DATA { <id/funding/2a015f3a5882b1e5-1-2/amount> a schema:MonetaryAmount ; schema:value 1.0 ; schema:currency "IDR" }
