"""When things run: one crawl after another, as child processes, several at once."""
