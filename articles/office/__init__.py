"""What everyone who works here shares: where to begin, the inbox, versions, previews and the timeline."""
