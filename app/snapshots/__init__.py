"""Snapshots to take away: one HTML file that needs no network, and maps for paper."""
