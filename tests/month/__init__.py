"""An outlet that lives a simulated month, and what an archive should have seen of it.

`generate` draws the month from a seed, `expect` says what an observer who keeps to the visit
plan sees of it, `live_through` lets the real program crawl it night after night, and `judge`
compares. ``python -m tests.month`` prints the comparison.
"""
