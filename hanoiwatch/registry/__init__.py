"""Officials, bodies and topics: who held which post, on which day."""

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.loader import load_registry

__all__ = ["Registry", "load_registry"]
