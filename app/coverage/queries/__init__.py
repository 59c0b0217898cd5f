"""SQL of coverage: `looks` (looks, day tiles), `zones` (zones, masks, freshness), `report` (figures for people)."""
