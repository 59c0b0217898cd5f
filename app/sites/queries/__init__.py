"""The only place of sites that knows SQL."""
