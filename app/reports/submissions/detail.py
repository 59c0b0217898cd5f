"""One version: its form as it was kept, what stands below it, who did what, and what its reader may do."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.reports.cases import Period
from app.reports.queries import submissions as queries
from app.reports.showing import table_out
from app.reports.submissions.comparing import compare, moved, said
from app.reports.submissions.freezing import Content, above_of, table_of
from app.reports.submissions.reading import facts, version
from app.reports.submissions.schemas import STEPS, Act, MissingOut, Seal, Step, SubmissionOut
from app.reports.submissions.signing import may_sign
from app.reports.submissions.working import area_of, is_above, not_found
from app.reports.table import Table
from app.reports.workbook import workbook
from app.rights import Right
from app.settings import Settings

_CORRECTABLE = ("signed", "submitted", "sent_back")
# What staff may do with the newest version, by its state.
_WORK: dict[str, tuple[Act, ...]] = {"prepared": ("refresh", "check"), "checked": ("refresh",), "signed": ("submit",)}


def one(session: Session, settings: Settings, actor: Actor, submission_id: UUID) -> SubmissionOut:
    """A version. Raises NotFoundError, ForbiddenError."""
    row = _in_scope(session, actor, submission_id)
    content: Content = row.content
    now = compare(session, row, content)
    is_open = row.state == "prepared"
    versions = queries.versions(session, row)
    steps = queries.steps(session, row.id)
    seal = _seal(session, row)
    table = _table(settings, content, steps, seal)
    return SubmissionOut(
        **facts(row),
        digest=row.content_digest.hex(),
        paper=table_out(table, area_of(row), Period(row.first_day, row.last_day), above_of(content)),
        missing=[MissingOut(**unit) for unit in (now.missing if is_open else content["missing"])],
        differences=[said(each) for each in (now.differences if is_open else content["differences"])],
        moved=[] if is_open or row.state == "replaced" else moved(content, now),
        seal=seal,
        steps=[Step(**step._mapping, step_text=STEPS[step.step]) for step in steps],
        versions=[version(each) for each in versions],
        may=_may(session, settings, actor, row, is_newest=versions[0].id == row.id),
    )


def file(session: Session, settings: Settings, actor: Actor, submission_id: UUID) -> tuple[bytes, str]:
    """A version as a workbook, as it was kept, and the file's name. Raises NotFoundError, ForbiddenError."""
    row = _in_scope(session, actor, submission_id)
    table = _table(settings, row.content, queries.steps(session, row.id), _seal(session, row))
    days = f"{row.first_day:%Y%m%d}-{row.last_day:%Y%m%d}"
    return workbook(table, above_of(row.content)), f"{table.title}_{row.unit_name}_{days}_第{row.version}版.xlsx"


def _in_scope(session: Session, actor: Actor, submission_id: UUID) -> Row[Any]:
    row = queries.one(session, submission_id)
    if row is None:
        raise not_found(submission_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    return row


def _table(settings: Settings, content: Content, steps: Any, seal: Seal | None) -> Table:
    """The table as it was kept, with the names of who checked and who signed in the place of their signatures."""
    who = {step.step: step.by_name for step in steps}  # the last of each
    is_checked = bool(steps) and steps[-1].step not in ("prepared", "refreshed")
    names = [who.get("checked") if is_checked else None, None if seal is None else _signer(seal)]
    first, second, *rest = content["signatures"]
    signatures = [
        text if name is None else f"{text}：{name}" for text, name in zip((first, second), names, strict=True)
    ]
    notes = list(content["notes"])
    if seal is not None:
        at = seal.at.astimezone(settings.zone)
        notes.append(f"电子签字：{_signer(seal)}，{at:%Y-%m-%d %H:%M}，签字链第 {seal.seq} 条，摘要 {seal.digest}。")
    return table_of(content, notes, [*signatures, *rest])


def _seal(session: Session, row: Row[Any]) -> Seal | None:
    found = None if row.chain_id is None else queries.sealed(session, row.chain_id)
    return None if found is None else Seal(**found._mapping)


def _signer(seal: Seal) -> str:
    return seal.by_name if seal.for_name is None else f"{seal.by_name}（受{seal.for_name}委托）"


def _may(session: Session, settings: Settings, actor: Actor, row: Row[Any], is_newest: bool) -> list[Act]:
    """In the order in which a page offers them."""
    acts: list[Act] = []
    if row.state == "checked" and actor.may(Right.SIGN) and may_sign(session, settings, actor, row.unit_code):
        acts.append("sign")
    if actor.may(Right.MANAGE_REPORTS):
        acts += _WORK.get(row.state, ())
        if row.state == "submitted" and is_above(actor, row.unit_path):
            acts.append("send_back")
        if row.state in _CORRECTABLE and is_newest:
            acts.append("correct")
    return acts
