"""Whose ground a file may change: its sender's scope; and only who decides on exclusions brings in decided ones."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.territory import codes
from app.territory.importing.drafts import ExclusionDraft, GridDraft, UnitDraft
from app.territory.importing.prepared import Prepared
from app.territory.importing.report import Findings, RowLabel
from app.territory.importing.request import ImportRequest, Shapes
from app.territory.queries import exclusions, requests, storing
from app.territory.queries import units as unit_queries


def units(request: ImportRequest, drafts: Iterable[UnitDraft], findings: Findings) -> None:
    """Every unit must lie in the sender's scope."""
    for draft in drafts:
        if not request.scope.holds_unit(codes.path_of(draft.code)):
            _refuse(draft.label, f"单位 {draft.code}", findings)


def grids(session: Session, request: ImportRequest, drafts: Sequence[GridDraft], findings: Findings) -> None:
    """Every grid's unit must lie in the sender's scope, the one it was in before too; so must what ends."""
    if request.scope.is_everything:
        return
    before = {code: row.unit_code for code, row in storing.latest_grids(session, [d.code for d in drafts]).items()}
    named = {draft.unit_code for draft in drafts} | set(before.values())
    outside = {
        unit.code for unit in unit_queries.by_codes(session, sorted(named)) if not request.scope.holds_unit(unit.path)
    }
    for draft in drafts:
        for code in sorted({draft.unit_code, before.get(draft.code, draft.unit_code)} & outside):
            _refuse(draft.label, f"网格 {draft.code} 所属的单位 {code}", findings)
    ended = codes.normalise(request.retire_missing_in) if request.retire_missing_in else None
    for unit in unit_queries.by_codes(session, [ended] if ended else []):
        request.scope.check_unit(unit.code, unit.path)


def exclusion_rows(
    session: Session, request: ImportRequest, prepared: Prepared[ExclusionDraft], findings: Findings
) -> None:
    """Every exclusion must lie in units of the sender's scope, before and after; approved ones need the right to."""
    for draft in prepared.drafts:
        if draft.state == "approved" and not request.may_approve:
            what = f"排除区 {draft.code or draft.name or ''} 的状态为“已批准”，而您的账号没有审批权限"
            findings.error(draft.label, "may_not_approve", what, "请以“申请”状态导入，再由镇（街道）以上单位审批。")
    if request.scope.is_everything:
        return
    known = exclusions.latest(session, [draft.code for draft in prepared.drafts if draft.code])
    _refuse_beyond(session, request, prepared.drafts, prepared.shapes, findings)
    again = [draft for draft in prepared.drafts if draft.code in known]
    shapes = np.array([shapely.from_wkb(known[draft.code].geom) for draft in again], dtype=object)
    _refuse_beyond(session, request, again, shapes, findings)


def _refuse_beyond(
    session: Session, request: ImportRequest, drafts: Sequence[ExclusionDraft], shapes: Shapes, findings: Findings
) -> None:
    met = requests.units_met(session, list(shapely.to_wkb(shapes)))
    for draft, paths in zip(drafts, met, strict=True):
        lowest = [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]
        if not lowest or not all(request.scope.holds_unit(path) for path in lowest):
            _refuse(draft.label, f"排除区 {draft.code or draft.name or ''}", findings)


def _refuse(label: RowLabel, what: str, findings: Findings) -> None:
    findings.error(label, "out_of_scope", f"{what} 不在您的管辖范围内", "请由管辖该处的上级单位导入。")
