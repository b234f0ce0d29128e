"""Hanoiwatch: a scheduled news-monitoring crawler and archive for Hanoi's politics."""

__version__ = "0.1.0"
