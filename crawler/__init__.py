"""Page to capture: discovery, polite fetching and the archive of every response."""
