"""SQL of evidence."""
