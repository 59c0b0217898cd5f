"""SQL of coverage.

`looks` (looks, day tiles), `passing` (passed without looking), `zones` (masks, freshness), `report` (people's figures).
"""
