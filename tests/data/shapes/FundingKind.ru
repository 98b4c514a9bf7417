INSERT DATA { <id/funding/2a015f3a5882b1e5-952-967> kg:fundingKind kg:granted }
