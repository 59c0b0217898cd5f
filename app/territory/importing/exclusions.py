"""Exclusions: what a file changes in their versions, and writing it."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.territory.importing import checks
from app.territory.importing.drafts import ExclusionDraft
from app.territory.importing.prepared import Prepared, same_shape
from app.territory.importing.report import Findings
from app.territory.importing.request import ImportRequest
from app.territory.importing.timeline import step
from app.territory.queries import exclusions as queries
from app.territory.schemas import Counts

_OFFICERS_CODE = re.compile(r"N-[0-9a-f]{12}$")


@dataclass
class ExclusionPlan:
    """What is to be written."""

    prepared: Prepared[ExclusionDraft]
    added: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    unit_codes: set[str] = field(default_factory=set)
    ground: list[BaseGeometry] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added)

    def write(self, session: Session, request: ImportRequest, batch: UUID) -> None:
        """Write it: ends first, so that no two versions of a code ever overlap."""
        queries.drop(session, self.dropped)
        queries.close(session, self.closed, request.day)
        drafts = [self.prepared.drafts[at] for at in self.added]
        shapes = self.prepared.shapes[np.array(self.added, dtype=np.int64)]
        columns: dict[str, list[Any]] = {
            name: [getattr(draft, name) for draft in drafts]
            for name in ("code", "name", "kind", "effect", "reason", "state")
        }
        columns["geom"] = list(shapely.to_wkb(shapes))
        columns["area_m2"] = [float(self.prepared.areas_m2[at]) for at in self.added]
        queries.add(session, columns, request.day, str(request.datum), request.actor, batch)


def plan(
    session: Session,
    request: ImportRequest,
    drafts: Iterable[ExclusionDraft],
    prepared: Prepared[ExclusionDraft],
    counts: Counts,
    findings: Findings,
) -> ExclusionPlan:
    """Check the rows against each other and what is stored, and say what is to be written."""
    checks.double_codes(drafts, findings)
    _officers_codes(drafts, findings)
    checks.double_shapes(prepared.drafts, prepared.shapes, findings)
    coded = replace(prepared, drafts=_coded(prepared))
    latest = queries.latest(session, [draft.code for draft in coded.drafts])
    before = dict(zip(latest, shapely.from_wkb([row.geom for row in latest.values()]), strict=True))
    old_shapes = np.array([before.get(draft.code) for draft in coded.drafts], dtype=object)
    result = ExclusionPlan(coded)
    for at, same_ground in enumerate(same_shape(coded.shapes, old_shapes)):
        row = latest.get(coded.drafts[at].code)
        same = same_ground and row is not None and _same_words(row, coded.drafts[at])
        _take(result, at, row, old_shapes[at], same, request, counts, findings)
    return result


def _officers_codes(drafts: Iterable[ExclusionDraft], findings: Findings) -> None:
    """Codes of what officers asked for: a file must not swap the ground that a reviewer sees and approves."""
    for draft in drafts:
        if draft.code and _OFFICERS_CODE.match(draft.code):
            what = f"编码 {draft.code} 是网格员“无法进入”申请的编码形式"
            findings.error(draft.label, "officers_code", what, "请换用其他编码，或留空。")


def _coded(prepared: Prepared[ExclusionDraft]) -> list[ExclusionDraft]:
    """Drafts with a code each: without one of its own, the shape itself is the name, so that it is found again."""
    wkbs = shapely.to_wkb(shapely.normalize(shapely.set_precision(prepared.shapes, 1e-7, mode="pointwise")))
    return [
        draft if draft.code else replace(draft, code=f"X-{hashlib.sha256(wkb).hexdigest()[:12]}")
        for draft, wkb in zip(prepared.drafts, wkbs, strict=True)
    ]


def _same_words(row: Row[Any], draft: ExclusionDraft) -> bool:
    words = (row.name, row.kind, row.effect, row.reason) == (draft.name, draft.kind, draft.effect, draft.reason)
    # A file that only requests does not undo a decision.
    return words and (draft.state == "requested" or draft.state == row.state)


def _take(
    result: ExclusionPlan,
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
    result.added.append(at)
    counts.added += what == "add"
    counts.changed += what != "add"
    if row is not None and what == "replace":
        result.closed.append(row.id)
    if row is not None and what == "rewrite":
        result.dropped.append(row.id)
    if draft.state == "approved":
        result.ground.append(result.prepared.shapes[at])
    if row is not None and row.state == "approved" and row.valid_to is None and old_shape is not None:
        result.ground.append(old_shape)
