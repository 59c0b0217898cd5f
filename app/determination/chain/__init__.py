"""The chain of everything that was signed: sealed entries, each of which covers the one before it."""
