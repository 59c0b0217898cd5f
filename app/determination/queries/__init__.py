"""SQL of the determination."""
