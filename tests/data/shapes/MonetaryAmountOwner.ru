INSERT DATA { <id/funding/39cd01db7725eb93-1-2/amount> a schema:MonetaryAmount ; schema:value 1.0 ; schema:currency "IDR" }
