"""Statements on the way of every patrol and every reader can be served by indexes alone."""

import re
from typing import Any

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.coverage.queries import looks, report, zones
from app.scope import Scope
from tests.app.coverage import world

PLACES: dict[str, Any] = {"xs": [27302, 27303], "ys": [13295, 13295]}
VILLAGE = Scope((world.CITY,), frozenset({world.grid_code(0, 0)}))
STATEMENTS: dict[str, tuple[TextClause, dict[str, Any]]] = {
    "day tiles locked": (looks._LOCK_TILES, {**PLACES, "kinds": ["tracked", "tracked"]}),
    "day tiles read": (looks._READ_TILES, PLACES),
    "looks forward": (looks._LOOKS_FORWARD, {**PLACES, "from_day": 9000, "until_day": 9999}),
    "looks backward": (looks._LOOKS_BACKWARD, {**PLACES, "from_day": 0, "until_day": 9999}),
    "looks at a place": (looks._LOOKS_AT, {"x": 27302, "y": 13295}),
    "masks met": (zones._GRID_MASKS_MEETING, {**PLACES, "day": 9000}),
    "zones locked": (zones._WITH_LATEST, {"ids": [1, 2]}),
    "masks": (zones._MASKS, {"ids": [1, 2]}),
    "zones below a unit": (report._BELOW, {"path": world.CITY, "day": 9000}),
    "zone of a grid": (report._OF_GRID, {"grid_code": world.grid_code(0, 0), "day": 9000}),
    "zones in a box": (
        report._IN_BOX,
        {"west": 119.9, "south": 31.8, "east": 119.91, "north": 31.81, "day": 9000, **VILLAGE.params()},
    ),
    "masks of a scope": (
        report._MASKS,
        {"x0": 27296, "y0": 13288, "x1": 27303, "y1": 13295, "day": 9000, **VILLAGE.params()},
    ),
    "patrols of a scope": (report._PATROLS_OF, {"scope_paths": [world.CITY], "officer_code": "W1"}),
    "versions for an ETag": (looks._TILE_VERSIONS, {"x0": 27296, "y0": 13288, "x1": 27303, "y1": 13295}),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_table_is_read_from_end_to_end(city: Session, name: str) -> None:
    statement, values = STATEMENTS[name]
    # The small city fits on a page or two, where reading all of it is right: only what could not be avoided counts.
    city.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(row[0] for row in city.execute(text(f"EXPLAIN {statement.text}"), values))
    assert re.findall(r"Seq Scan on (?!pg_)\w+", plan) == [], plan
    assert "Index" in plan
