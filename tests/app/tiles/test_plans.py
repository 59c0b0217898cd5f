"""Tiles are looked up by the spatial index: read from the database's own plan."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.scope import EVERYTHING, Scope
from app.tiles import queries
from tests.support.seeding import seed_city

ON = "2026-06-30"
CASES = [
    (queries.UNITS, "unit_geom_gist", {"level": "village", "coarser": ["county", "town"]}),
    (queries.GRIDS, "grid_geom_gist", {"on": ON}),
    (queries.LABELS, "grid_geom_gist", {"levels": ["town"], "with_grids": True, "on": ON}),
    (queries.LABELS, "unit_geom_gist", {"levels": ["town"], "with_grids": True, "on": ON}),
    (queries.DEFECTS, "defect_geom_gist", {}),
    (queries.EXCLUSIONS, "exclusion_geom_gist", {"on": ON}),
    (queries.TRACKS, "track_geom_gist", {"until_day": 9000, "days": 15}),
]


SCOPES = [EVERYTHING, Scope(("320499000000.320491000000",), frozenset({"320491001001001"}))]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("sql", "index", "values"), CASES)
def test_index_is_used(session: Session, sql: str, index: str, values: dict[str, Any], scope: Scope) -> None:
    """The plan scans the GiST index, once small tables no longer tempt it to read everything."""
    seed_city(session)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    box = {"z": 13, "x": 6822, "y": 3331, "margin": 64 / 4096, "extent": 4096, "buffer": 64}
    given = {**box, **values, **scope.params()}
    plan = "\n".join(row[0] for row in session.execute(text(f"EXPLAIN {sql}"), given))
    assert f"Index Scan on {index}" in plan or f"Index Scan using {index}" in plan
    assert "geom && " in plan
