# also: FundingAmount, FundingCurrency
INSERT DATA { <id/funding/2a015f3a5882b1e5-952-967> kg:amount <id/funding/2a015f3a5882b1e5-1-2/amount> . <id/funding/2a015f3a5882b1e5-1-2/amount> schema:value 1.0 ; schema:currency "IDR" }
