"""Discovery: from the bytes of feeds, sitemaps and section pages to listed addresses. Pure.

Nothing here fetches, and nothing raises on what a server may send: each reader returns what it
found and, in ``problem``, a sentence about what it could not read. Both may be there: half a
feed is still half a feed.
"""
