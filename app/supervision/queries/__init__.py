"""SQL of supervision."""
