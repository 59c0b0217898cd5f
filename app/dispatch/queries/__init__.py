"""SQL of dispatch."""
