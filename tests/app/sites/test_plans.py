"""Many sites are located through the index of places, and as one by one."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.db import transaction
from app.sites import checking
from app.sites.queries import locating
from tests.app.sites.bodies import TODAY
from tests.support.seeding import VILLAGE_11, cell

SITES = 2 * locating.MANY
_FILL = text(
    """INSERT INTO site (id, code, name, kind, occupancy, point, source_datum, stated_unit_code, unit_path, created_by)
    SELECT gen_random_uuid(), 'P' || n, '厂房' || n, 'factory', 'idle',
        ST_SetSRID(ST_MakePoint(:west + (:east - :west) * (n % 50 + 0.5) / 50,
                                :south + (:north - :south) * (n / 50 + 0.5) / (:sites / 50)), 4326),
        'WGS-84', u.code, u.path, 'test'
    FROM generate_series(0, :sites - 1) AS n, unit u WHERE u.code = :unit"""
)
_LIE = text("SELECT code, unit_code, grid_code, unit_path::text FROM site ORDER BY code")


@pytest.fixture
def crowded(own_engine: Engine) -> Engine:
    """The small city with sites all over it and around it, that nobody has located yet."""
    west, south, east, north = cell(-0.5, -0.5, 5, 5).bounds
    box = {"west": west, "south": south, "east": east, "north": north}
    with transaction(own_engine) as session:
        session.execute(_FILL, {**box, "sites": SITES, "unit": VILLAGE_11})
    with own_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return own_engine


def _located(session: Session, at_once: int) -> list[tuple[object, ...]]:
    ids = locating.placed(session, None)
    for start in range(0, len(ids), at_once):
        locating.locate(session, ids[start : start + at_once], TODAY)
    return [tuple(row) for row in session.execute(_LIE)]


def test_many_lie_where_each_of_them_does(crowded: Engine) -> None:
    with crowded.connect() as connection, Session(connection) as session:
        at_once = _located(session, SITES)
        session.rollback()
        by_some = _located(session, locating.MANY // 4)
        assert at_once == by_some
        assert locating.elsewhere(session, TODAY) == []
    placed = {(unit, grid) for _, unit, grid, _ in at_once}
    assert len(placed) > 5, "in several units and grids, and in none"
    assert (None, None) in placed


def test_all_are_located_anew_through_the_index_of_places(crowded: Engine) -> None:
    statements = {"all": locating._RELOCATE["site"], "proof": locating._ELSEWHERE}
    with transaction(crowded) as session:
        values = {"ids": locating.placed(session, None), "on": TODAY, "words": "", "by_name": ""}
        for name, statement in statements.items():
            lines = [row[0] for row in session.execute(text(f"EXPLAIN {statement.text}"), values)]
            plan = "\n".join(lines)
            inner = [re.search(r"Index Scan using (\w+) on site o", line) for line in lines]
            assert [found[1] for found in inner if found] == ["site_place_gist"] * 2, f"{name}: {plan}"
            assert not re.search(r"CTE Scan on old.*\n\s*Filter:.*st_covers", plan), f"{name}: {plan}"


def test_all_are_located_by_that_statement(crowded: Engine) -> None:
    assert locating._among(["x"] * SITES) == "site"  # type: ignore[list-item]
    with transaction(crowded) as session:
        moved = checking.relocate(session, None, TODAY, "李")
        assert 0 < moved < SITES, "those outside of all units stay with the unit that their papers name"
        assert checking.relocate(session, None, TODAY, "李") == 0
