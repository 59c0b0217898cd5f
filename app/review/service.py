"""What waits for a reviewer, and who may decide on what."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFoundError
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts, Finding
from app.review import wording
from app.review.queries import queue as sql
from app.review.schemas import Choice, Item, Queue, State
from app.rights import Right
from app.territory import service as territory

_UNITS_NAMED = 3


def queue(
    session: Session,
    actor: Actor,
    state: State,
    kind: str | None,
    unit: str | None,
    officer: str | None,
    limit: int,
    skip: int,
) -> Queue:
    """A page of the queue within the actor's scope. Raises NotFoundError or ForbiddenError for the unit."""
    values: dict[str, Any] = {"kind": kind, "officer": officer, "limit": limit, "skip": skip, "unit_path": None}
    if unit is not None:
        found = territory.unit_or_404(session, unit)
        actor.scope.check_unit(found.code, found.path)
        values["unit_path"] = found.path
    page = sql.page(session, state, {**values, **actor.scope.params()})
    findings = evidence.findings_of(session, [row.id for row in page.items])
    actor.facts["officer_codes"] = sorted({row.officer_code for row in page.items})
    return Queue(
        total=page.total,
        of_all_kinds=page.of_all_kinds,
        records=page.records,
        findings=page.findings,
        finding_names={kind.value: name for kind, name in evidence.KIND_NAMES.items()},
        units=[Choice(**each) for each in page.units],
        officers=[Choice(**each) for each in page.officers],
        items=[item_of(actor, row, findings.get(row.id, [])) for row in page.items],
    )


def record_in_scope(session: Session, actor: Actor, evidence_id: UUID) -> EvidenceFacts:
    """A record that the actor may see. Raises NotFoundError or ForbiddenError."""
    found = evidence.facts_of(session, [evidence_id]).get(evidence_id)
    if found is None:
        raise NotFoundError(f"没有编号为 {evidence_id} 的记录。请回到列表重新选择。", id=str(evidence_id))
    evidence.check_visible(session, actor, evidence_id)
    return found


def item_of(actor: Actor, row: sql.Row, findings: Sequence[Finding]) -> Item:
    """A record as the actor sees it in the queue."""
    own = evidence.is_own(actor, row.officer_code, row.sent_by_account)
    refusal = why_not(actor, row.kind, own)
    more = "等" if len(row.unit_names) > _UNITS_NAMED else ""
    return Item(
        id=row.id,
        kind=row.kind,
        officer_code=row.officer_code,
        officer_name=row.officer_name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        unit_name="、".join(row.unit_names[:_UNITS_NAMED]) + more,
        findings=list(findings),
        review=row.review,  # type: ignore[arg-type]  # the table's own check
        may_decide=refusal is None,
        may_ask=not own,
        why_not=refusal,
    )


def why_not(actor: Actor, kind: str, is_own: bool) -> str | None:
    """Why the actor may not decide on a record; None when they may."""
    if is_own:
        return wording.OWN
    if kind == "inaccessible" and not actor.may(Right.DECIDE_EXCLUSIONS):
        return wording.ABOVE
    return None
