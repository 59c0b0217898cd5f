"""SQL of accounts, by subject."""
