"""Sites with their tenancies from a table or GeoJSON: all of it, or nothing and what is wrong row by row."""
