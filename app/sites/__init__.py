"""Sites (场所) where a workshop may hide, the tenancies inside them, and whether all of it was looked into."""
