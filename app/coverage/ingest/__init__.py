"""What changes coverage: `apply` (patrols in and out), `repaint` (territory), `refresh` (what follows for zones)."""
