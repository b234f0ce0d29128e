"""A newspaper of our own, served on loopback: the demo crawls it and the tests drive it.

`docs/explanation/sample-outlet.md` tells what it shows and how it can misbehave.
"""
