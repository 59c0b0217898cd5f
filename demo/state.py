"""What a database holds before the demo is built: nothing, the demo, a part of it, or somebody's work."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import terminal

ACTOR = "demo"
BUILDER = replace(terminal(), name=ACTOR)
_DAY = re.compile(r"demo-(\d{4}-\d{2}-\d{2})-")


def file_name(last_day: date, rest: str) -> str:
    """The name of an imported file; it keeps the demo's last day, so that a build cut short can be finished."""
    return f"demo-{last_day.isoformat()}-{rest}.geojson"


# Patrols of builds before there were accounts carry the bare name.
# Voiding one patrol is the builder's last step, so it tells a whole demo from one that was cut short.
_STATE = text(
    """SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM import_batch) + (SELECT count(*) FROM patrol) AS rows,
        (SELECT count(*) FROM import_batch WHERE actor <> :actor)
            + (SELECT count(*) FROM patrol WHERE received_from NOT IN (:actor, :label)) AS foreign_rows,
        (SELECT min(file_name) FROM import_batch WHERE actor = :actor) AS file_name,
        (SELECT max(voided_at) FROM patrol
         WHERE received_from IN (:actor, :label) AND voided_by IN (:actor, :label)) AS built_at"""
)


class Holds(Enum):
    """What is there."""

    NOTHING = "nothing"
    DEMO = "demo"
    PART = "part"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class State:
    """What is there, the demo's last day if any of it is, and when it was finished."""

    holds: Holds
    last_day: date | None = None
    built_at: datetime | None = None


def state_of(session: Session) -> State:
    """Look at a migrated database. A finished demo stays one when somebody adds to it."""
    row = session.execute(_STATE, {"actor": ACTOR, "label": BUILDER.label}).one()
    if row.rows == 0:
        return State(Holds.NOTHING)
    found = _DAY.match(row.file_name or "")
    last_day = date.fromisoformat(found[1]) if found else None
    if last_day is not None and row.built_at is not None:
        return State(Holds.DEMO, last_day, row.built_at)
    if last_day is None or row.foreign_rows:
        return State(Holds.FOREIGN)
    return State(Holds.PART, last_day)
