"""The search index: one protocol, and the embedded engine that keeps it."""
