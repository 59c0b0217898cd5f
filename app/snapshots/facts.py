"""Everything that a snapshot tells of a unit on a day, gathered once for whichever form it takes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.coverage.schemas import BlindSpots, UnitCoverage
from app.errors import InvalidInputError
from app.rights import Right
from app.settings import Settings
from app.sites import service as sites
from app.snapshots import looks, queries
from app.snapshots.shapes import Ground, ground
from app.territory import service as territory
from app.territory.schemas import UnitRow

MOST_SITES = 10_000
MOST_CASES = 2_000
LEAST_SPOT_M2 = 100.0


class Place(NamedTuple):
    """A site or a case on the map."""

    lon: float
    lat: float
    state: str
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """Sites or cases: how many there are in each state, how many nobody has placed, and those shown."""

    counts: dict[str, int]
    unplaced: int
    shown: list[Place]

    @property
    def hidden(self) -> int:
        """How many have a place and are not shown."""
        return sum(self.counts.values()) - self.unplaced - len(self.shown)


@dataclass(frozen=True, slots=True)
class Facts:
    """A unit on a local day. `percents`: covered, by code of `ground.areas`; sites and cases None without the right."""

    unit: UnitRow
    on: date
    made_at: datetime
    made_by: str
    cover: UnitCoverage
    ground: Ground
    percents: dict[str, float | None]
    spots: BlindSpots
    sites: Places | None
    cases: Places | None

    @property
    def full_name(self) -> str:
        """The unit with those above it, as far as they are known to the reader."""
        return " ".join(step.name for step in self.cover.path) or self.unit.name


def gather(
    session: Session,
    settings: Settings,
    actor: Actor,
    code: str,
    on: date | None,
    most_points: int,
    most_spots: int,
    with_places: bool = True,
) -> Facts:
    """The facts of a unit on a local day, today if none; `with_places`: its sites and cases too.

    Raises NotFoundError, ForbiddenError, InvalidInputError.
    """
    unit = territory.unit_in_scope(session, actor.scope, code)
    day = checked_day(settings, on)
    shown = ground(session, unit, day, most_points)
    values = coverage.values(session, settings, actor.scope, code, shown.level, on=day).values
    return Facts(
        unit=unit,
        on=day,
        made_at=settings.now(),
        made_by=actor.name,
        cover=coverage.unit_coverage(session, settings, actor.scope, code, on=day),
        ground=shown,
        percents={area: percent for area, percent, *_ in values},
        spots=coverage.blind_spots(
            session, settings, actor.scope, unit=code, on=day, min_area_m2=LEAST_SPOT_M2, limit=most_spots
        ),
        sites=_sites(session, settings, unit, day) if with_places and actor.may(Right.READ_SITES) else None,
        cases=_cases(session, unit, day) if with_places and actor.may(Right.READ_CASES) else None,
    )


def checked_day(settings: Settings, on: date | None) -> date:
    """The day asked about, today if none. Raises InvalidInputError for a day to come: a snapshot shows what was."""
    today = settings.today()
    if on is not None and on > today:
        raise InvalidInputError(f"快照日期 {on.isoformat()} 还没有到：请选择今天或以前的日期。", on=on.isoformat())
    return on or today


def _sites(session: Session, settings: Settings, unit: UnitRow, on: date) -> Places:
    """Sites, most urgent first: what is cut was looked into."""
    rows = queries.sites(session, unit.path, on)
    states = sites.states(session, settings, [row.id for row in rows], on)
    order = {state: index for index, state in enumerate(looks.SITE_STATES)}
    found = [Place(row.lon, row.lat, states[row.id].state, row.name) for row in rows if row.id in states]
    return _placed(sorted(found, key=lambda each: order[each.state]), tuple(looks.SITE_STATES), MOST_SITES)


def _cases(session: Session, unit: UnitRow, on: date) -> Places:
    found = [
        Place(row.lon, row.lat, row.state, f"{row.number} {row.name}") for row in queries.cases(session, unit.path, on)
    ]
    order = {state: index for index, state in enumerate(looks.CASE_STATES)}
    return _placed(sorted(found, key=lambda each: order[each.state]), tuple(looks.CASE_STATES), MOST_CASES)


def _placed(found: list[Place], states: tuple[str, ...], most: int) -> Places:
    counts = dict.fromkeys(states, 0)
    for each in found:
        counts[each.state] += 1
    placed = [each for each in found if each.lon is not None]
    return Places(counts, len(found) - len(placed), placed[:most])
