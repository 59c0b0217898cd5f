"""The only place of territory that knows SQL."""
