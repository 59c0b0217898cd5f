"""Where to go next: the blind spots that weigh most, and the largest of each unit. Exact; bounds only save work.

No blind spot of a grid is larger than all its blind ground, or scores more than that ground at the age of its oldest
part. So grids are looked into from the highest bound down, until what was found beats every bound that is left.
"""

import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import shapely
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.coverage import passed, patches
from app.coverage.queries import report as sql
from app.coverage.recent import Recent
from app.coverage.table import ZoneTable
from app.territory import service as territory
from app.territory.schemas import OfficerRow
from geo.blindspots import BlindSpot, Risk, blind_spots, rank_score
from geo.datum import Datum, from_wgs84
from geo.daytiles import DAY_ZERO, NEVER, day_date

_OUTLINED: Recent[list[BlindSpot]] = Recent(4_000)
# A city's request stays quick by looking freshly into so many grids at most; what it found is kept for the next one.
FRESH_LOOKS = 300
OUTLINE_TOLERANCE_DEG = 2.8e-5  # 3 m: stairs of cells become straight, no corner of a cell is passed over


class Found(NamedTuple):
    """A blind spot of a row of the table, with its score."""

    score: float
    row: int
    spot: BlindSpot


class LargestSearch:
    """Finds the largest blind spot of groups of zones, within one bound on the work for all of them."""

    def __init__(self, session: Session, table: ZoneTable, fresh_looks: int = FRESH_LOOKS) -> None:
        self.session, self.table = session, table
        self.left = fresh_looks

    def largest_m2(self, rows: Sequence[int]) -> float | None:
        """The largest blind spot of some rows; 0 when there is none, None when it was not found within the bound."""
        blind = self.table.blind
        ordered = sorted((row for row in rows if blind[row]), key=lambda row: -int(blind[row]))
        best = 0
        for row in ordered:
            known = patches.kept(self.table, row)
            if known is not None and known.area_cm2.size:
                best = max(best, int(known.area_cm2[0]))
        fresh = [row for row in ordered if blind[row] > best and patches.kept(self.table, row) is None]
        allowed, beyond = fresh[: self.left], fresh[self.left :]
        for row, found in patches.measured(self.session, self.table, allowed):
            if blind[row] <= best:  # and so are all after it
                return best / 1e4
            self.left -= 1
            best = max(best, int(found.area_cm2[0]))
        return None if beyond and blind[beyond[0]] > best else best / 1e4


def most_urgent(session: Session, table: ZoneTable, min_area_m2: float, limit: int) -> tuple[list[Found], bool]:
    """The blind spots of at least some area with the highest scores, best first, and whether there are more."""
    bounds = _bounds(table)
    large = table.blind >= min_area_m2 * 1e4
    ordered = [int(row) for row in np.argsort(-bounds, kind="stable") if large[row] and table.blind[row]]
    best: list[tuple[float, int, int]] = []  # score, row, area; a heap: the worst of the best on top
    seen = 0
    stopped = False
    for row, found in patches.measured(session, table, ordered):
        if len(best) == limit and bounds[row] <= best[0][0]:
            stopped = True
            break
        for area_cm2, last in zip(found.area_cm2.tolist(), found.last_seen_day.tolist(), strict=True):
            if area_cm2 < min_area_m2 * 1e4:
                break
            seen += 1
            entry = (score_of(table, row, area_cm2 / 1e4, last), row, area_cm2)
            if len(best) < limit:
                heapq.heappush(best, entry)
            else:
                heapq.heappushpop(best, entry)
    if not best:
        return [], False
    smallest: dict[int, int] = {}
    for _, row, area_cm2 in best:
        smallest[row] = min(area_cm2, smallest.get(row, area_cm2))
    chosen = _outlined(session, table, smallest)
    chosen.sort(key=lambda each: (-each.score, table.states[each.row].grid_code or "", each.spot.walk_to))
    return chosen[: len(best)], stopped or seen > limit


def _bounds(table: ZoneTable) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A score that no blind spot of a row exceeds: it is never seen all over, or as old as the row's oldest part."""
    scores = [
        max(
            score_of(table, row, int(never) / 1e4, NEVER),
            score_of(table, row, int(blind) / 1e4, int(oldest)) if oldest != NEVER else 0.0,
        )
        for row, (never, blind, oldest) in enumerate(
            zip(table.never_seen.tolist(), table.blind.tolist(), table.oldest_stale.tolist(), strict=True)
        )
    ]
    return np.array(scores, dtype=np.float64)


def score_of(table: ZoneTable, row: int, area_m2: float, last_seen_day: int) -> float:
    """The score of a patch of a row."""
    return rank_score(
        area_m2, cast("Risk | None", table.states[row].risk), last_seen_day, table.day, int(table.cycles[row])
    )


def _outlined(session: Session, table: ZoneTable, smallest_cm2: dict[int, int]) -> list[Found]:
    """The blind spots of some rows with their outlines, each row's from an area on."""
    marks = passed.marks(session, table, smallest_cm2)
    days = {row: (table.day, int(table.cycles[row]), marks[row]) if row in marks else None for row in smallest_cm2}
    keys = {row: (*patches.key(table, row), area, days[row]) for row, area in sorted(smallest_cm2.items())}
    spots = {row: _OUTLINED.get(key) for row, key in keys.items()}
    fresh = [row for row, known in spots.items() if known is None]
    ground = patches.grounds(session, table, fresh)
    cells = passed.cells(session, table, {row: marks.get(row, ()) for row in fresh})
    for row, (masks, tracked, declared) in ground.items():
        least_m2 = (smallest_cm2[row] - 1) / 1e4  # a square centimetre less, so that no rounding loses the smallest
        found = blind_spots(masks, tracked, declared, int(table.cycles[row]), table.day, least_m2, cells[row])
        _OUTLINED.put(keys[row], found)
        spots[row] = found
    return [
        Found(score_of(table, row, spot.area_m2, spot.last_seen_day), row, spot)
        for row, known in spots.items()
        for spot in known or []
    ]


def features(session: Session, table: ZoneTable, found: Sequence[Found]) -> list[dict[str, Any]]:
    """Blind spots as GeoJSON features, in the order given, with whose they are."""
    states = [table.states[each.row] for each in found]
    names = sql.grid_names(session, [state.id for state in states])
    on = day_date(table.day) or DAY_ZERO
    officers = territory.officers_in_charge(session, {state.grid_code for state in states if state.grid_code}, on)
    return [
        _feature(rank, each, table, names[table.states[each.row].id], officers)
        for rank, each in enumerate(found, start=1)
    ]


def _feature(
    rank: int, found: Found, table: ZoneTable, names: Row[Any], officers: dict[str, OfficerRow]
) -> dict[str, Any]:
    state, spot = table.states[found.row], found.spot
    officer = officers.get(state.grid_code or "")
    last_seen = day_date(spot.last_seen_day)
    return {
        "type": "Feature",
        "geometry": _geometry(spot),
        "properties": {
            "rank": rank,
            "score": round(found.score, 1),
            "area_m2": round(spot.area_m2, 1),
            "never_seen_m2": round(spot.never_seen_m2, 1),
            "passed_m2": {reason.value: round(area_m2, 1) for reason, area_m2 in spot.passed_m2.items()},
            "last_seen": None if last_seen is None else last_seen.isoformat(),
            "age_days": None if last_seen is None else table.day - spot.last_seen_day,
            "grid_code": state.grid_code,
            "grid_name": names.grid_name,
            "village_code": names.village_code,
            "village": names.village,
            "town": names.town,
            "officer": officer and {"code": officer.code, "name": officer.name, "phone": officer.phone},
            "risk": state.risk,
            "cycle_days": int(table.cycles[found.row]),
            "walk_to": [round(spot.walk_to[0], 7), round(spot.walk_to[1], 7)],
            # What phones' maps in China take; given to WGS-84 they would lead some 500 m astray.
            "walk_to_gcj02": [round(float(degrees), 7) for degrees in from_wgs84(*spot.walk_to, Datum.GCJ02)],
        },
    }


def _geometry(spot: BlindSpot) -> dict[str, Any]:
    """The outline for a map: within a cell of the cells' edges, in a fifth of their points; areas are the cells'."""
    eased = shapely.simplify(spot.polygon, OUTLINE_TOLERANCE_DEG)
    outline = eased if shapely.contains_xy(eased, *spot.walk_to) else spot.polygon
    rings = [outline.exterior, *outline.interiors]
    # Six places are a decimetre, far finer than a cell.
    return {"type": "Polygon", "coordinates": [np.round(shapely.get_coordinates(ring), 6).tolist() for ring in rings]}
