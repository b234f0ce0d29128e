"""The version of the linker, apart from it: the registry's fingerprint needs no linker."""

LINKER_VERSION = 3
"""Grows when the same article and registry would give other links."""
