"""Lists of cases: pages with counts, map tiles, omissions, what forms and exports take."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.queries import lists
from app.cases.schemas import codes
from app.cases.schemas.outputs import CaseRow, Cases, Choices, Counts, PlaceName
from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory

MAX_ZOOM = 22
CHOICES = Choices(
    categories=codes.CATEGORIES,
    chemical_kinds=codes.CHEMICAL_KINDS,
    stages=codes.STAGES,
    ways=codes.WAYS,
    states=codes.STATES,
    items=codes.ITEMS,
    relations={name: text for name, text in codes.RELATIONS.items() if name != "tenant"},
    levels=codes.LEVELS,
    omissions=codes.OMISSIONS,
)


@dataclass(frozen=True)
class CaseFilter:
    """Which cases. `state`: one, or "open" for those not finished; `omission`: one, or "any". None or empty: all."""

    unit: str | None = None
    state: str | None = None
    category: str | None = None
    supervised: bool = False
    omission: str | None = None
    q: str | None = None
    found_from: date | None = None
    found_to: date | None = None
    site_id: UUID | None = None


class Tile(NamedTuple):
    """A tile's bytes (None: the browser's copy is still right) and its ETag."""

    etag: str
    body: bytes | None


def page(
    session: Session, settings: Settings, actor: Actor, wanted: CaseFilter, limit: int = 50, skip: int = 0
) -> Cases:
    """Cases of the actor's scope, found last first. Raises NotFoundError or ForbiddenError for the unit."""
    asked = _asked(session, settings, actor.scope, wanted)
    found = lists.counts(session, actor.scope, asked)
    rows = lists.page(session, actor.scope, asked, limit, skip)
    return Cases(
        total=found.total,
        counts=_counts(found),
        bounds=found.bounds,
        items=[row_of(row, settings.today()) for row in rows],
        choices=CHOICES,
    )


def counts(session: Session, settings: Settings, scope: Scope) -> Counts:
    """How many cases of a scope stand how; every code has an entry."""
    return _counts(lists.counts(session, scope, _asked(session, settings, scope, CaseFilter())))


def _counts(found: Row[Any]) -> Counts:
    return Counts(
        all=found.of_all,
        states={state: found.states.get(state, 0) for state in codes.STATES},
        categories={category: found.categories.get(category, 0) for category in codes.CATEGORIES},
        omissions={kind: found.omissions.get(kind, 0) for kind in codes.OMISSIONS},
        supervised=found.supervised,
    )


def tile(
    session: Session,
    settings: Settings,
    actor: Actor,
    wanted: CaseFilter,
    z: int,
    x: int,
    y: int,
    held: str | None = None,
) -> Tile:
    """One vector tile of cases. Raises InvalidInputError for an address that does not exist, and as `page` does."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidInputError(f"瓦片地址 {z}/{x}/{y} 不存在。", z=z, x=x, y=y)
    body = lists.tile(session, actor.scope, _asked(session, settings, actor.scope, wanted), z, x, y)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = held is not None and etag in [mark.strip().removeprefix("W/") for mark in held.split(",")]
    return Tile(etag, None if same else body)


def row_of(row: Row[Any], today: date) -> CaseRow:
    """A case as lists show it."""
    finished = row.state in ("closed", "struck_off")
    named = ("category_text", "state_text", "days_left", "unit")
    values = {name: getattr(row, name) for name in CaseRow.model_fields if name not in named}
    return CaseRow(
        **values,
        category_text=codes.CATEGORIES[row.category],
        state_text=codes.STATES[row.state],
        days_left=None if finished else (row.deadline - today) // timedelta(days=1),
        unit=PlaceName(code=row.unit_code, name=row.unit_name),
    )


def _asked(session: Session, settings: Settings, scope: Scope, wanted: CaseFilter) -> dict[str, Any]:
    unit = None if not wanted.unit else territory.unit_in_scope(session, scope, wanted.unit)
    values = {name: value or None for name, value in asdict(wanted).items() if name != "unit"}
    words = (wanted.q or "").strip()[:100] or None
    return {
        **values,
        "q": words,
        "supervised": wanted.supervised,
        "unit_path": None if unit is None else unit.path,
        "today": settings.today(),
    }
