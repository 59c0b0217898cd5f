"""Baselines (底单): lists of other departments, each row of which must be found on the ground and looked into."""
