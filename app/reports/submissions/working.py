"""What becomes of a report: refreshed, checked, handed upward, sent back, corrected. Signing is `signing`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.reports.cases import Area, Period
from app.reports.queries import submissions as queries
from app.reports.submissions.comparing import compare, printed
from app.reports.submissions.freezing import Content, counts_alike, digest_of, freeze
from app.reports.submissions.preparing import add_version, note
from app.reports.submissions.rhythm import Term
from app.reports.submissions.schemas import STATES, CheckIn, MissingIn
from app.settings import Settings
from app.territory import service as territory

NOTHING_DONE = "未作任何改动。"


def refresh(session: Session, settings: Settings, actor: Actor, submission_id: UUID) -> None:
    """Fill the form in anew; one that was checked must be checked again.

    Raises NotFoundError, ForbiddenError, ConflictError (signed already).
    """
    row = in_state(session, actor, submission_id, ("prepared", "checked"), "刷新")
    content = _frozen(session, settings, row)
    queries.set_content(session, row.id, content, digest_of(content), "prepared")
    note(session, settings, actor, row.id, "refreshed")


def check(session: Session, settings: Settings, actor: Actor, submission_id: UUID, told: CheckIn) -> None:
    """Vouch for what was looked at; which units below are missing is stated and printed on the form.

    Raises NotFoundError, ForbiddenError, ConflictError (not prepared, changed meanwhile, units missing and not stated),
    InvalidInputError (stated to be missing and not).
    """
    row = in_state(session, actor, submission_id, ("prepared",), "核对")
    ensure_seen(row, told.digest)
    content = _frozen(session, settings, row)
    if not counts_alike(content, row.content):
        raise ConflictError(f"报表生成后数据有变化，{NOTHING_DONE}请先刷新，看过最新的数字再核对。", reason="changed")
    found = compare(session, row, content)
    content |= {
        "basis": found.basis,
        "missing": _stated(found.missing, told.missing),
        "differences": found.differences,
    }
    content["notes"] += printed(content)
    queries.set_content(session, row.id, content, digest_of(content), "checked")
    note(session, settings, actor, row.id, "checked")


def submit(session: Session, settings: Settings, actor: Actor, submission_id: UUID) -> None:
    """Hand a signed report upward: from now on it is locked. Raises NotFoundError, ForbiddenError, ConflictError."""
    hand_upward(session, settings, actor, in_state(session, actor, submission_id, ("signed",), "报送"))


def hand_upward(session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> None:
    """Let a signed version be in force above, and those before it no longer."""
    for older in queries.replace_older(session, row):
        note(session, settings, actor, older, "replaced", f"由第 {row.version} 版取代")
    queries.submit(session, row.id, settings.now())
    note(session, settings, actor, row.id, "submitted")


def send_back(session: Session, settings: Settings, actor: Actor, submission_id: UUID, why: str) -> None:
    """Not accept what came. Raises NotFoundError, ForbiddenError (not of a level above), ConflictError."""
    row = in_state(session, actor, submission_id, ("submitted",), "退回")
    if not is_above(actor, row.unit_path):
        raise ForbiddenError(f"只有{row.unit_name}的上级单位可以退回其报表，{NOTHING_DONE}如需更正，请办理更正。")
    queries.set_state(session, row.id, "sent_back")
    note(session, settings, actor, row.id, "sent_back", why)


def correct(session: Session, settings: Settings, actor: Actor, submission_id: UUID, why: str) -> UUID:
    """A new version, as of now, of a report that was signed; what is in force above stays so until that is handed
    upward. Raises NotFoundError, ForbiddenError, ConflictError (nothing to correct; being corrected already)."""
    row = in_state(session, actor, submission_id, ("signed", "submitted", "sent_back"), "更正")
    newest = queries.versions(session, row)[0]
    if newest.id != row.id:
        raise ConflictError(
            f"第 {newest.version} 版更正正在办理（{STATES[newest.state]}），{NOTHING_DONE}请在该版上继续。",
            id=str(newest.id),
        )
    if row.state != "submitted":  # else the one index of open versions would hold two
        queries.set_state(session, row.id, "replaced")
        note(session, settings, actor, row.id, "replaced", why)
    term = Term(row.form, Period(row.first_day, row.last_day), row.due_at)
    made = add_version(session, settings, term, area_of(row), row.version + 1, why, actor)
    if made is None:
        raise ConflictError(f"{row.unit_name}的更正刚被其他人办理，{NOTHING_DONE}请刷新页面后查看。")
    return made


def in_state(session: Session, actor: Actor, submission_id: UUID, states: Iterable[str], what: str) -> Row[Any]:
    """A version, locked until the end of the transaction, in one of some states.

    Raises NotFoundError, ForbiddenError (outside the scope), ConflictError (in another state).
    """
    row = queries.locked(session, submission_id)
    if row is None:
        raise not_found(submission_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    if row.state not in states:
        raise ConflictError(
            f"{row.unit_name} {row.form} 第 {row.version} 版现为“{STATES[row.state]}”，不能{what}，{NOTHING_DONE}"
            "请刷新页面后按当前状态办理。",
            state=row.state,
        )
    return row


def not_found(submission_id: UUID) -> NotFoundError:
    """The refusal of a version that is not there."""
    return NotFoundError("没有这份报表。请刷新列表后重试。", id=str(submission_id))


def is_above(actor: Actor, unit_path: str) -> bool:
    """Whether some unit above a unit lies in the actor's scope."""
    above, _, _ = unit_path.rpartition(".")
    return actor.scope.is_everything or (bool(above) and actor.scope.holds_unit(above))


def ensure_seen(row: Row[Any], digest: str) -> None:
    """Raise ConflictError unless the content is the one that was looked at."""
    if row.content_digest.hex() != digest:
        raise ConflictError(f"报表已被其他人刷新，与您看到的不同，{NOTHING_DONE}请重新打开后再办理。", reason="digest")


def area_of(row: Row[Any]) -> Area:
    """The unit of a version."""
    return Area(row.unit_code, row.unit_name, row.unit_level, row.unit_path)


def _frozen(session: Session, settings: Settings, row: Row[Any]) -> Content:
    territory.unit_or_404(session, row.unit_code)
    return freeze(session, settings, row.form, area_of(row), Period(row.first_day, row.last_day))


def _stated(missing: list[dict[str, str]], told: list[MissingIn]) -> list[dict[str, str]]:
    """The units that are missing, each with why."""
    why = {each.unit_code: each.why for each in told}
    names = {unit["code"]: unit["name"] for unit in missing}
    silent = [unit for unit in missing if unit["code"] not in why]
    if silent:
        raise ConflictError(
            f"下级单位尚未报送：{'、'.join(unit['name'] for unit in silent)}。{NOTHING_DONE}"
            "请催报；确需先行报送的，请逐一说明缺报原因，原因将印在表上。",
            missing=silent,
        )
    wrong = [code for code in why if code not in names]
    if wrong:
        raise InvalidInputError(
            f"单位 {'、'.join(wrong)} 已经报送或不是直接下级，不应列为缺报，{NOTHING_DONE}请刷新后重试。", codes=wrong
        )
    return [{**unit, "why": why[unit["code"]]} for unit in missing]
