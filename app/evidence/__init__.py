"""Evidence (证据): what patrols, marks and reports have in common: findings, photos, reviews."""
