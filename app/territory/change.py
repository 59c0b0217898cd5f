"""Changes of territory as a whole: the rows, then the defects, then the coverage and the sites that rest on them.

The one place of territory that calls coverage and sites, which themselves ask territory for its shapes.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.settings import UploadLimits
from app.sites import service as sites
from app.territory import defects
from app.territory.importing import run
from app.territory.importing.request import ImportRequest
from app.territory.queries import batches, exclusions, storing, units
from app.territory.schemas import ImportReport, InaccessibleGround

Progress = Callable[[str, int, int], None]


def import_territory(
    session: Session, limits: UploadLimits, request: ImportRequest, path: Path, progress: Progress | None = None
) -> ImportReport:
    """Import a file and bring defects and coverage up to date. `progress`: stage, done, total.

    Raises InvalidInputError with the report in its facts when anything is wrong; then nothing is stored.
    """
    change = run.run(session, limits, request, path)
    if not change.stored or change.report.id is None:
        return change.report
    defects.recompute(session, change.unit_codes, request.today, _stage(progress, "defects"))
    repaint(session, change.ground, request.day, progress)
    if change.ground and request.subject != "exclusions":
        sites.relocate(session, _boxes(change.ground), request.today, request.actor)
    change.report.defects = defects.summary(session, change.unit_codes)
    batches.set_report(session, change.report.id, change.report.model_dump_json())
    return change.report


def decide_exclusion(session: Session, code: str, state: str, actor: str, today: date) -> None:
    """Approve or refuse an exclusion from today on; `state` is "approved" or "refused".

    The days before keep what was true on them. Raises NotFoundError, InvalidInputError for an approval after its last
    day, or ConflictError when it is decided so already.
    """
    storing.lock(session)
    row = exclusions.latest(session, [code]).get(code)
    if row is None:
        raise NotFoundError(f"没有编码为 {code} 的排除区。请核对编码。", code=code)
    if row.state == state or (row.state == "refused" and state == "approved"):
        words = {"approved": "批准", "refused": "否决"}
        raise ConflictError(f"排除区 {code} 已被{words[row.state]}。如需改变，请重新导入该排除区。", state=row.state)
    if row.valid_to is not None and row.valid_to <= today:
        _decide_ended(session, code, row, state, actor)
        return
    if row.valid_from < today:
        exclusions.close(session, [row.id], today)
        exclusions.decide(session, row.id, state, actor, today, row.valid_to)
    else:
        exclusions.decide(session, row.id, state, actor, None)
    units.bump_version(session)
    if "approved" in (state, row.state):
        repaint(session, [shapely.from_wkb(row.geom)], today, None)


def _decide_ended(session: Session, code: str, row: Row[Any], state: str, actor: str) -> None:
    """What ended by itself is never approved afterwards, and an approval that has run its time stays as it was."""
    if state == "approved":
        raise InvalidInputError(
            f"排除区 {code} 的期限已于 {row.valid_to} 届满，不能再批准。如仍无法进入，请重新上报；这一份请驳回。",
            code=code,
        )
    if row.state == "requested":
        exclusions.decide(session, row.id, state, actor, None)


def request_exclusion(session: Session, asked: InaccessibleGround) -> None:
    """Store a request for ground to count as inaccessible; it changes no figure before it is approved.

    Raises ConflictError when the code is another request's.
    """
    storing.lock_briefly(session)
    if exclusions.states(session, [asked.code]):  # else one would be approved in the name of the other
        raise ConflictError(f"编号 {asked.code} 已用于另一份申请，未保存任何内容。请用新的编号重发。", code=asked.code)
    exclusions.request(
        session,
        {
            "code": asked.code,
            "name": asked.name,
            "kind": asked.kind,
            "reason": asked.reason,
            "requested_by": asked.requested_by,
            "geom": shapely.to_wkb(asked.ground),
            "area_m2": asked.area_m2,
            "datum": asked.datum,
            "day": asked.day,
            "until": asked.until,
        },
    )
    units.bump_version(session)  # maps show requests


def repaint(session: Session, ground: Iterable[BaseGeometry], day: date, progress: Progress | None) -> None:
    """Have coverage painted anew where ground changed hands, from a local day on."""
    shapes = list(ground)
    if shapes:
        coverage.repaint(session, _boxes(shapes), day, _stage(progress, "coverage"))


def _boxes(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The ground that some shapes lie in, roughly."""
    return shapely.union_all(shapely.box(*shapely.bounds(np.array(shapes, dtype=object)).T))


def import_report(session: Session, actor: Actor, batch: UUID) -> ImportReport:
    """The report of an import that changed something, for its sender and for who sees everything.

    Raises NotFoundError, or ForbiddenError for others.
    """
    found = batches.report(session, batch)
    if found is None:
        raise NotFoundError("没有这次导入的记录。请核对编号；未改变任何内容的导入不留记录。", id=str(batch))
    # The address of the sender stands behind the name, and may have changed since.
    is_sender = found.actor.partition(" @ ")[0] == actor.label.partition(" @ ")[0]
    if not actor.scope.is_everything and not is_sender:
        raise ForbiddenError("这次导入不是您的账号所做，不能查看其报告。如需查看，请联系系统管理员。", id=str(batch))
    return ImportReport.model_validate(found.report)


def _stage(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(stage, done, total)
