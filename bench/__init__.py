"""Measurements and long stress runs; what each does is in docs/reference/benchmarks.md."""
