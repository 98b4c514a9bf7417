INSERT DATA { <id/funding/39cd01db7725eb93-952-967> kg:fundingKind kg:granted }
