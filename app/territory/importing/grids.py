"""Grids: what a file changes in their versions and duties, and writing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.territory import codes
from app.territory.importing import checks
from app.territory.importing.drafts import GridDraft
from app.territory.importing.duties import DutyPlan, plan_duties
from app.territory.importing.geometry import label_points, readings
from app.territory.importing.prepared import Prepared, same_shape
from app.territory.importing.report import Findings, RowLabel
from app.territory.importing.request import ImportRequest
from app.territory.importing.timeline import can_end, step
from app.territory.queries import storing
from app.territory.schemas import Counts


@dataclass
class GridPlan:
    """What is to be written."""

    prepared: Prepared[GridDraft]
    added: list[int] = field(default_factory=list)
    rewritten: dict[int, int] = field(default_factory=dict)  # position -> id of the day's own version
    closed: list[int] = field(default_factory=list)
    duties: DutyPlan = field(default_factory=DutyPlan)
    unit_codes: set[str] = field(default_factory=set)
    ground: list[BaseGeometry] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.rewritten or self.closed or self.duties.changes)

    def write(self, session: Session, request: ImportRequest, batch: UUID) -> None:
        """Write it: ends first, so that no two versions of a code ever overlap."""
        storing.close_grids(session, self.closed, request.day)
        for rows, rewrite in ((self.added, False), (list(self.rewritten), True)):
            columns = self._columns(rows)
            storing.write_grids(
                session, columns, request.day, str(request.datum), request.generated, batch, rewrite=rewrite
            )
        self.duties.write(session, request.day)

    def _columns(self, rows: Sequence[int]) -> dict[str, list[Any]]:
        drafts = [self.prepared.drafts[at] for at in rows]
        shapes = self.prepared.shapes[np.array(rows, dtype=np.int64)]
        return {
            "id": [self.rewritten.get(at) for at in rows],
            "code": [draft.code for draft in drafts],
            "name": [draft.name for draft in drafts],
            "unit_code": [draft.unit_code for draft in drafts],
            "risk": [draft.risk for draft in drafts],
            "cycle_days": [draft.cycle_days for draft in drafts],
            "geom": list(shapely.to_wkb(shapes)),
            "label_point": list(shapely.to_wkb(label_points(shapes))),
            "area_m2": [float(self.prepared.areas_m2[at]) for at in rows],
        }


def plan(
    session: Session,
    request: ImportRequest,
    drafts: Iterable[GridDraft],
    prepared: Prepared[GridDraft],
    counts: Counts,
    findings: Findings,
    *,
    with_officers: bool,
) -> GridPlan:
    """Check the rows against each other and what is stored, and say what is to be written."""
    everyone = list(drafts)
    units = storing.units(session, {draft.unit_code for draft in everyone})
    latest = storing.latest_grids(session, [draft.code for draft in prepared.drafts])
    checks.double_codes(everyone, findings)
    checks.double_shapes(prepared.drafts, prepared.shapes, findings)
    checks.grid_units(everyone, set(units), findings)
    before = dict(zip(latest, shapely.from_wkb([row.geom for row in latest.values()]), strict=True))
    _check_place(request, prepared, units, before, findings)

    result = GridPlan(prepared)
    old_shapes = np.array([before.get(draft.code) for draft in prepared.drafts], dtype=object)
    for at, same_ground in enumerate(same_shape(prepared.shapes, old_shapes)):
        row = latest.get(prepared.drafts[at].code)
        same = same_ground and row is not None and _same_words(row, prepared.drafts[at], request.generated)
        _take(result, at, row, old_shapes[at], same, request, counts, findings)
    retired = _retire(session, request, {draft.code for draft in everyone}, result, counts, findings)
    result.duties = plan_duties(session, request.day, prepared.drafts, retired, with_officers, counts, findings)
    touched = result.duties.touched_grids
    result.unit_codes |= {draft.unit_code for draft in prepared.drafts if draft.code in touched}
    return result


def _same_words(row: Row[Any], draft: GridDraft, generated: bool) -> bool:
    stored = (row.name, row.unit_code, row.risk, row.cycle_days, row.generated)
    return bool(stored == (draft.name, draft.unit_code, draft.risk, draft.cycle_days, generated))


def _take(
    result: GridPlan,
    at: int,
    row: Row[Any] | None,
    old_shape: BaseGeometry | None,
    same: bool,
    request: ImportRequest,
    counts: Counts,
    findings: Findings,
) -> None:
    draft = result.prepared.drafts[at]
    what = step(row, same, request.day, draft.label, findings)
    if what == "keep":
        counts.unchanged += 1
        return
    result.unit_codes.add(draft.unit_code)
    result.ground.append(result.prepared.shapes[at])
    if what == "add" or row is None:
        counts.added += 1
        result.added.append(at)
        return
    counts.changed += 1
    result.unit_codes.add(row.unit_code)
    result.ground += [old_shape] if old_shape is not None else []
    if what == "rewrite":
        result.rewritten[at] = row.id
    else:
        result.closed.append(row.id)
        result.added.append(at)


def _retire(
    session: Session,
    request: ImportRequest,
    in_file: set[str],
    result: GridPlan,
    counts: Counts,
    findings: Findings,
) -> list[str]:
    if request.retire_missing_in is None:
        return []
    unit_code = codes.normalise(request.retire_missing_in)
    if unit_code is None or not storing.units(session, [unit_code]):
        raise NotFoundError(f"没有区划代码为 {request.retire_missing_in} 的单位，无法停用其下的网格。请核对代码。")
    missing = [row for row in storing.open_grids_within(session, codes.path_of(unit_code)) if row.code not in in_file]
    for row, shape in zip(missing, shapely.from_wkb([row.geom for row in missing]), strict=True):
        can_end(row, request.day, RowLabel(None, row.code, row.name), findings)
        result.closed.append(row.id)
        result.unit_codes.add(row.unit_code)
        result.ground.append(shape)
    counts.retired = len(missing)
    return [row.code for row in missing]


def _check_place(
    request: ImportRequest,
    prepared: Prepared[GridDraft],
    units: dict[str, Row[Any]],
    before: dict[str, BaseGeometry],
    findings: Findings,
) -> None:
    unit_shapes = dict(zip(units, shapely.from_wkb([row.geom for row in units.values()]), strict=True))
    homes = [unit_shapes.get(draft.unit_code) for draft in prepared.drafts]
    checks.outside(prepared.drafts, prepared.shapes, prepared.areas_m2, homes, findings)
    fixed = [before.get(draft.code) or home for draft, home in zip(prepared.drafts, homes, strict=True)]
    others = readings(request.datum)
    checks.datum(prepared.shapes, fixed, str(request.datum), others, request.datum_confirmed, findings)
