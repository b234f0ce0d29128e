"""Stories: near-copies of one text, found as articles are recorded."""
