"""Who of those in charge is out, was out, or has not started on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.live.queries import duties as sql
from app.live.queries.progress import FRESH_S
from app.live.schemas import DutyState, OfficerToday
from app.settings import Settings


@dataclass(slots=True)
class Charge:
    """An officer with the grids they are in charge of, below a unit."""

    code: str
    name: str
    phone: str | None
    grids: list[str] = field(default_factory=list)
    grid_names: list[str] = field(default_factory=list)
    unit_code: str = ""
    reported: Row[Any] | None = None
    patrolled: Row[Any] | None = None

    @property
    def state(self) -> DutyState:
        """Exactly one for each officer: what was last heard counts first."""
        if self.reported is not None and self.reported.is_out:
            return "out"
        if self.patrolled is not None:
            return "patrolled"
        return "not_started" if self.reported is None else "waiting"


def charges(session: Session, settings: Settings, rows: Sequence[Row[Any]]) -> dict[str, Charge]:
    """The officers of rows of `sql.in_charge` by code, with what is known of their day."""
    found: dict[str, Charge] = {}
    for row in rows:
        if row.officer_code is None:
            continue
        charge = found.setdefault(row.officer_code, Charge(row.officer_code, row.officer_name, row.phone))
        charge.grids.append(row.grid_code)
        charge.grid_names.append(row.grid_name)
        charge.unit_code = charge.unit_code or row.unit_code
    since = datetime.combine(settings.today(), time.min, settings.zone)
    officers = sorted(found)
    for row in sql.reported(session, officers, since, FRESH_S):
        found[row.officer_code].reported = row
    for row in sql.patrolled(session, officers, since, since + timedelta(days=1)):
        found[row.officer_code].patrolled = row
    return found


def listed(found: Iterable[Charge], names: dict[str, tuple[str, str | None]]) -> list[OfficerToday]:
    """Officers as people read them. `names`: village and town by unit code."""
    return [_row(charge, *names.get(charge.unit_code, ("", None))) for charge in found]


def _row(charge: Charge, unit: str, town: str | None) -> OfficerToday:
    told, done = charge.reported, charge.patrolled
    return OfficerToday(
        code=charge.code,
        name=charge.name,
        phone=charge.phone,
        state=charge.state,
        unit=unit,
        town=town,
        grids=charge.grid_names,
        mode=None if told is None else told.mode,
        since=None if told is None else told.started_at,
        last_at=done.last_ended_at if told is None and done is not None else None if told is None else told.updated_at,
        minutes=None if told is None else told.minutes,
        length_m=None if told is None else told.length_m,
        patrols=0 if done is None else done.patrols,
    )
