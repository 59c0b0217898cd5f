"""Among 200,000 records the queue finds what waits by index, in one statement."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from app.review.queries import queue as sql
from app.scope import Scope
from tests.app.review.world import World
from tests.support.seeding import CITY, COUNTY_A, TOWN_1

RECORDS = 200_000
TOWN = Scope(unit_paths=(f"{CITY}.{COUNTY_A}.{TOWN_1}",))
# One in a hundred waits, one in two hundred was asked about, one in twenty was decided.
_FILL = text(
    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by)
    SELECT gen_random_uuid(), 'patrol', 'W' || 1 + n % 2, now() - n * interval '5 minutes',
        now() - n * interval '5 minutes', ARRAY[v.path],
        CASE WHEN n % 100 = 0 THEN 'open' WHEN n % 200 = 1 THEN 'asked' WHEN n % 20 = 2 THEN 'accepted' ELSE 'none' END,
        'test'
    FROM generate_series(1, :records) AS n
    JOIN (SELECT path, row_number() OVER (ORDER BY path) - 1 AS index FROM unit WHERE level = 'village') AS v
        ON v.index = n / 7 % 5"""
)
_FIND = text(
    """INSERT INTO finding (evidence_id, kind, facts)
    SELECT id, 'jumps', '{"jumps": 1, "farthest_m": 300, "in_s": 5}' FROM evidence WHERE review <> 'none'"""
)


@pytest.fixture
def full(world: World) -> World:
    """A city's half a year."""
    with world.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no notices to pages of nobody
        connection.execute(_FILL, {"records": RECORDS})
        connection.execute(_FIND)
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE evidence, finding"))
    return world


def values(**asked: Any) -> dict[str, Any]:
    """Everything within the town's scope, first page."""
    nothing = {"kind": None, "officer": None, "unit_path": None, "limit": 50, "skip": 0}
    return {**nothing, **TOWN.params(), **asked}


def test_no_list_reads_all_records(full: World) -> None:
    index = {"open": "evidence_review", "asked": "evidence_review", "decided": "evidence_decided"}
    with full.engine.connect() as connection:
        for state, statement in sql.STATEMENTS.items():
            for asked in (values(), values(kind="jumps"), values(officer="W1"), values(skip=200)):
                plan = "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {statement.text}"), asked))
                assert re.findall(r"Seq Scan on (?:evidence|review_step)\b", plan) == [], plan
                assert index[state] in plan or "evidence_units" in plan, plan
                if state != "decided":
                    assert "Seq Scan on finding" not in plan, plan


def test_the_figures_are_of_all_that_waits(full: World) -> None:
    with full.engine.connect() as connection:
        found = connection.execute(sql.STATEMENTS["open"], values()).one()
    waiting = full.row(
        "SELECT count(*) AS n FROM evidence WHERE review = 'open' AND unit_paths <@ CAST(:path AS ltree)",
        path=TOWN.unit_paths[0],
    ).n
    assert found.total == found.of_all_kinds == waiting > 500
    assert len(found.items) == 50
    assert found.findings == {"jumps": waiting}
