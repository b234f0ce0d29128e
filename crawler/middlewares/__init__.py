"""What every request and response passes, in the order that `crawler.engine` lists."""
