"""Benchmarks: each prints its figures as JSON lines, with the peer measured in the same run."""
