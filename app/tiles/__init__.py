"""Tiles: vector and raster map tiles for the browser."""
