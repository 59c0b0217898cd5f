"""Statements on the way of every record and every reviewer can be served by indexes alone."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import shapely
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.evidence.queries import photos, records, sketches
from app.territory.queries import duty

OWN = UUID(int=1)
IDS: dict[str, Any] = {"ids": [OWN, UUID(int=2)]}
PHOTOS = {**IDS, "evidence_id": OWN}
PLACE = shapely.to_wkb(shapely.MultiPoint([(119.95, 31.8)]))
STATEMENTS: dict[str, tuple[TextClause, dict[str, Any]]] = {
    "copies": (
        sketches._EXCHANGE,
        {
            "evidence_id": OWN,
            "places": list(range(32)),
            "paces": list(range(32)),
            "least_places": 2,
            "least_paces": 6,
            "most": 4,
        },
    ),
    "findings": (records._FINDINGS, IDS),
    "steps": (records._STEPS, IDS),
    "facts": (records._FACTS, IDS),
    "opened": (records._OPEN, IDS),
    "records of an officer": (records._OF_OFFICER, {"officer_code": "G001", "review": None, "limit": 50}),
    "photos of a record": (photos._OF_RECORD, {"evidence_id": OWN}),
    "who may see a photo": (photos._UNIT_PATHS, {"id": OWN}),
    "photos used before": (photos._USED_BEFORE, PHOTOS),
    "photos alike": (photos._ALIKE, {**PHOTOS, "most_different_bits": 4, "in_one_go_s": 600.0}),
    "places in charge": (
        duty._PLACES,
        {"places": PLACE, "near_deg": 0.0003, "officer_code": "G001", "on": date(2024, 10, 1)},
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_table_is_read_from_end_to_end(session: Session, name: str) -> None:
    statement, values = STATEMENTS[name]
    session.execute(text("SET LOCAL enable_seqscan = off"))  # empty tables are read whole, and rightly so
    plan = "\n".join(row[0] for row in session.execute(text(f"EXPLAIN {statement.text}"), values))
    assert re.findall(r"Seq Scan on (?!pg_)\w+", plan) == [], plan
    assert "Index" in plan
