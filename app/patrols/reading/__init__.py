"""Readers of recorded files: one format a file, all bounded while they read, all giving `RawFixes` and notes."""
