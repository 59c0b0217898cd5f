"""SQL of reviews."""
