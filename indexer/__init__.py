"""Capture to article to index: extraction, the record's articles and full-text search."""
