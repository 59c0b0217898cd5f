"""How single rows of lists stand today, as others who wait for it ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.baselines import figures
from app.baselines.queries import standing as queries
from app.scope import EVERYTHING
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class RowStand:
    """A row of a list. `place`: its own or its site's, WGS-84; `is_checked` as the list's figures count it today."""

    id: int
    baseline_id: UUID
    list_name: str
    row_number: int
    name: str | None
    unit_path: str
    grid_code: str | None
    lon: float | None
    lat: float | None
    state: str
    site_id: UUID | None
    tenancy_id: UUID | None
    decided_at: datetime | None
    visited_on: date | None
    is_withdrawn: bool
    is_checked: bool


def row_stands(session: Session, settings: Settings, ids: Iterable[int]) -> dict[int, RowStand]:
    """Those of the rows that exist, also of lists that were withdrawn."""
    wanted = list(ids)
    if not wanted:
        return {}
    lists = queries.lists_of(session, wanted)
    known = figures.checked(session, settings, EVERYTHING, lists, settings.today())
    return {row.id: RowStand(**row._asdict()) for row in queries.rows(session, wanted, known)}
