"""SQL of baselines."""
