"""What is done with lists and their rows: shown, decided on, matched again, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import figures, showing, standing
from app.baselines.left_out import omission_counts as omission_counts
from app.baselines.left_out import omissions as omissions
from app.baselines.matching import TASK
from app.baselines.queries import lists
from app.baselines.queries import rows as row_queries
from app.baselines.schemas import KINDS, Event, ListDetail, Lists, Report, RowDetail, Rows, RowStand, RowState
from app.deferred import defer
from app.errors import ConflictError, NotFoundError
from app.scope import outside
from app.settings import Settings


@dataclass(frozen=True)
class RowQuery:
    """Which rows of a list; None: all. `q`: part of a name, code or address."""

    state: RowState | None = None
    checked: bool | None = None
    with_findings: bool | None = None
    q: str | None = None


def page(
    session: Session, settings: Settings, actor: Actor, kind: str | None, with_withdrawn: bool, limit: int, skip: int
) -> Lists:
    """Lists with rows in the actor's scope, newest first, each with the figures of those rows today."""
    on = settings.today()
    total, found = lists.listed(session, actor.scope, kind, with_withdrawn, limit, skip)
    ids = [row.id for row in found]
    known = figures.checked(session, settings, actor.scope, ids, on)
    stands = figures.of_lists(session, actor.scope, ids, known)
    return Lists(on=on, total=total, items=showing.row_list(session, actor.scope, found, stands), kinds=KINDS)


def detail(session: Session, settings: Settings, actor: Actor, baseline_id: UUID) -> ListDetail:
    """A list as it stands today. Raises NotFoundError, or ForbiddenError when no row of it is in the scope."""
    row = seen(session, actor, baseline_id)
    on = settings.today()
    known = figures.checked(session, settings, actor.scope, [row.id], on)
    stands = figures.of_lists(session, actor.scope, [row.id], known)
    shown = showing.row_list(session, actor.scope, [row], stands)[0]
    return ListDetail(
        **shown.model_dump(),
        file_name=row.file_name,
        encoding=row.encoding,
        mapping=row.mapping,
        datum=row.datum,
        report=None if shown.is_part else Report.model_validate(row.report),
        events=[Event(**each._asdict()) for each in lists.events(session, row.id)],
        on=on,
        bounds=lists.bounds(session, actor.scope, row.id),
    )


def rows(
    session: Session, settings: Settings, actor: Actor, baseline_id: UUID, asked: RowQuery, limit: int, skip: int
) -> Rows:
    """A page of a list's rows in the actor's scope, by their number in the file.

    Raises NotFoundError, or ForbiddenError when no row of the list is in the scope.
    """
    seen(session, actor, baseline_id)
    on = settings.today()
    known = figures.checked(session, settings, actor.scope, [baseline_id], on)
    values: dict[str, Any] = {
        "state": asked.state,
        "checked": asked.checked,
        "with_findings": asked.with_findings,
        "q": asked.q,
    }
    total, found = row_queries.page(session, actor.scope, baseline_id, values, known, limit, skip)
    shown = showing.Shown(session, settings, actor.scope, found, on)
    return Rows(total=total, items=[shown.row(row) for row in found])


def row(session: Session, settings: Settings, actor: Actor, baseline_id: UUID, row_id: int) -> RowDetail:
    """A row with its history. Raises NotFoundError, or ForbiddenError when it lies outside the actor's scope."""
    seen(session, actor, baseline_id)
    on = settings.today()
    known = figures.checked(session, settings, actor.scope, [baseline_id], on)
    found = row_in_scope(session, actor, baseline_id, row_id, known)
    shown = showing.Shown(session, settings, actor.scope, [found], on).row(found)
    events = [Event(**each._asdict()) for each in lists.row_events(session, row_id)]
    return RowDetail(**shown.model_dump(), events=events)


def row_in_scope(
    session: Session, actor: Actor, baseline_id: UUID, row_id: int, checked: dict[str, Any], *, lock: bool = False
) -> Row[Any]:
    """A row of a list. Raises NotFoundError, or ForbiddenError when it lies outside the actor's scope."""
    found = row_queries.one(session, baseline_id, row_id, checked, lock=lock)
    if found is None:
        raise NotFoundError(f"名单中没有编号为 {row_id} 的行。请刷新后重试。", id=row_id)
    if not actor.scope.holds_grid(found.grid_code or "", found.unit_path):
        raise outside(f"第 {found.row_number} 行")
    return found


def match_again(session: Session, settings: Settings, actor: Actor, baseline_id: UUID) -> ListDetail:
    """Have all rows that no person has decided on matched anew.

    Raises NotFoundError, ForbiddenError (part of the list lies outside) or ConflictError (withdrawn, or being matched).
    """
    row = owned(session, actor, baseline_id)
    if row.state in ("waiting", "matching"):
        raise ConflictError("这份名单正在匹配，无须重复。请等它完成。", state=row.state)
    lists.wait(session, row.id)
    _note(session, actor, row.id, "matching_asked", row.state, "waiting", None)
    defer(session, TASK, str(row.id), lock=f"{TASK}:{row.id}")
    return detail(session, settings, actor, baseline_id)


def withdraw(session: Session, settings: Settings, actor: Actor, baseline_id: UUID, why: str) -> ListDetail:
    """Take a list out of force: it still shows, and counts no longer.

    Raises NotFoundError, ForbiddenError (part of the list lies outside) or ConflictError (withdrawn already).
    """
    row = owned(session, actor, baseline_id)
    lists.withdraw(session, row.id, actor.label, why)
    _note(session, actor, row.id, "withdrawn", row.state, None, why)
    return detail(session, settings, actor, baseline_id)


def seen(session: Session, actor: Actor, baseline_id: UUID, *, lock: bool = False) -> Row[Any]:
    """A list of which the actor sees some row. Raises NotFoundError or ForbiddenError."""
    row = lists.one(session, actor.scope, baseline_id, lock=lock)
    if row is None:
        raise NotFoundError(f"没有编号为 {baseline_id} 的名单。请检查编号，或在列表中查找。", id=str(baseline_id))
    if not row.is_seen:
        raise outside(f"名单 {baseline_id} ")
    return row


def in_force(session: Session, actor: Actor, baseline_id: UUID) -> Row[Any]:
    """A list of which the actor sees some row, locked. Raises also ConflictError when it is withdrawn."""
    row = seen(session, actor, baseline_id, lock=True)
    if row.withdrawn_at is not None:
        raise ConflictError("这份名单已撤回，不能再改。如需继续，请重新导入。", withdrawn=True)
    return row


def owned(session: Session, actor: Actor, baseline_id: UUID) -> Row[Any]:
    """A list in force that lies in the actor's scope whole, locked."""
    row = in_force(session, actor, baseline_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    return row


def _note(
    session: Session,
    actor: Actor,
    baseline_id: UUID,
    kind: str,
    from_state: str | None,
    to_state: str | None,
    words: str | None,
) -> None:
    values = {"baseline_id": baseline_id, "kind": kind, "from_state": from_state, "to_state": to_state, "words": words}
    lists.add_event(session, {**values, "by_account": actor.account_id, "by_name": actor.label})


def row_stands(session: Session, settings: Settings, ids: Iterable[int]) -> dict[int, RowStand]:
    """How those of the rows that exist stand today, in whatever list."""
    return standing.row_stands(session, settings, ids)
