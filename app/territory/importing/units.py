"""Units: what a file changes in the tree, and writing it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.territory import codes
from app.territory.importing import checks
from app.territory.importing.drafts import UnitDraft
from app.territory.importing.geometry import label_points, readings
from app.territory.importing.prepared import Prepared, same_shape
from app.territory.importing.report import Findings
from app.territory.importing.request import ImportRequest
from app.territory.queries import storing
from app.territory.schemas import Counts


@dataclass
class UnitPlan:
    """What is to be written."""

    prepared: Prepared[UnitDraft]
    rows: list[int] = field(default_factory=list)
    parent_of: dict[str, str | None] = field(default_factory=dict)
    adopted: dict[str, str] = field(default_factory=dict)
    unit_codes: set[str] = field(default_factory=set)
    ground: list[BaseGeometry] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.rows)

    def write(self, session: Session, request: ImportRequest, batch: UUID) -> None:
        """Write it, parents and children in one statement, and put roots below new parents."""
        drafts = [self.prepared.drafts[at] for at in self.rows]
        shapes = self.prepared.shapes[np.array(self.rows, dtype=np.int64)]
        columns: dict[str, list[Any]] = {
            "code": [draft.code for draft in drafts],
            "name": [draft.name for draft in drafts],
            "level": [codes.level_of(draft.code) for draft in drafts],
            "parent_code": [self.parent_of[draft.code] for draft in drafts],
            "path": [codes.path_of(draft.code) for draft in drafts],
            "geom": list(shapely.to_wkb(shapes)),
            "label_point": list(shapely.to_wkb(label_points(shapes))),
            "area_m2": [float(self.prepared.areas_m2[at]) for at in self.rows],
        }
        storing.put_units(session, columns, str(request.datum), request.generated, batch)
        storing.adopt(session, self.adopted)


def plan(
    session: Session,
    request: ImportRequest,
    drafts: Iterable[UnitDraft],
    prepared: Prepared[UnitDraft],
    counts: Counts,
    findings: Findings,
) -> UnitPlan:
    """Check the rows against each other and the stored tree, and say what is to be written."""
    everyone = list(drafts)
    in_file = {draft.code for draft in everyone}
    stored = storing.units(session, {code for draft in everyone for code in codes.lineage(draft.code)})
    stored_shapes = dict(zip(stored, shapely.from_wkb([row.geom for row in stored.values()]), strict=True))
    known = in_file | stored.keys()
    checks.double_codes(everyone, findings)
    checks.double_shapes(prepared.drafts, prepared.shapes, findings)
    checks.unit_parents(everyone, known, request.roots_allowed, findings)
    _check_place(request, prepared, in_file, stored_shapes, findings)

    result = UnitPlan(prepared)
    before = np.array([stored_shapes.get(draft.code) for draft in prepared.drafts], dtype=object)
    for at, same in enumerate(same_shape(prepared.shapes, before)):
        draft = prepared.drafts[at]
        row = stored.get(draft.code)
        if row is not None and same and row.name == draft.name and row.generated == request.generated:
            counts.unchanged += 1
            continue
        counts.added += row is None
        counts.changed += row is not None
        _take(result, at, draft, known, before[at], same)
    result.adopted = _adopted(session, {result.prepared.drafts[at].code for at in result.rows}, in_file)
    return result


def _take(
    result: UnitPlan, at: int, draft: UnitDraft, known: set[str], before: BaseGeometry | None, same: bool
) -> None:
    result.rows.append(at)
    parent = draft.parent if draft.parent in known else None
    result.parent_of[draft.code] = parent
    if not same:
        result.unit_codes |= {draft.code} | ({parent} if parent else set())
        result.ground += [shape for shape in (before, result.prepared.shapes[at]) if shape is not None]


def _adopted(session: Session, written: set[str], in_file: set[str]) -> dict[str, str]:
    roots = [code for code in storing.root_codes(session) if code not in in_file]
    return {code: parent for code in roots if (parent := codes.parent_of(code)) in written}


def _check_place(
    request: ImportRequest,
    prepared: Prepared[UnitDraft],
    in_file: set[str],
    stored: dict[str, BaseGeometry],
    findings: Findings,
) -> None:
    shape_of = stored | dict(zip((draft.code for draft in prepared.drafts), prepared.shapes, strict=True))
    parents = [shape_of.get(draft.parent or "") for draft in prepared.drafts]
    checks.outside(prepared.drafts, prepared.shapes, prepared.areas_m2, parents, findings)
    # Units above that came in the same file are shifted alike, and say nothing about the datum.
    fixed = {code: shape for code, shape in stored.items() if code not in in_file}
    homes = [
        stored.get(draft.code) or next((fixed[c] for c in reversed(codes.lineage(draft.code)) if c in fixed), None)
        for draft in prepared.drafts
    ]
    others = readings(request.datum)
    checks.datum(prepared.shapes, homes, str(request.datum), others, request.datum_confirmed, findings)
