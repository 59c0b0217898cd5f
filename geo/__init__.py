"""The coverage engine: pure functions over arrays and geometries. No database, no web, no files, no clock."""
