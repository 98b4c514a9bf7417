# also: FundingAmount, FundingCurrency
INSERT DATA { <id/funding/39cd01db7725eb93-952-967> kg:amount <id/funding/39cd01db7725eb93-1-2/amount> . <id/funding/39cd01db7725eb93-1-2/amount> schema:value 1.0 ; schema:currency "IDR" }
