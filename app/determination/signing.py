"""Signing: the head of a unit answers with their name for its determination; the level above may send it back."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.determination import signing_changes, standing
from app.determination.chain.appending import append
from app.determination.determining import determine, period
from app.determination.documents import document
from app.determination.queries import attestations as queries
from app.determination.queries import chain as chain_queries
from app.determination.schemas import Determination, KindCount, UnitName
from app.determination.signing_authority import Authority, authority
from app.determination.signing_schemas import (
    AttestationOut,
    ChangeOut,
    SendBackIn,
    SignatureIn,
    SigningState,
)
from app.determination.signing_states import ending, in_scope, one_or_404, shown
from app.errors import ConflictError, DomainError, ForbiddenError
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

_NAMED = 5


def sign(
    session: Session, settings: Settings, actor: Actor, wanted: SignatureIn, residual_risk: dict[str, Any] | None
) -> AttestationOut | DomainError:
    """Sign for a unit and a period, unless something is left out; or the refusal.

    A wrong password, a signature that stands already and what blocks are returned and not raised: that a password was
    wrong, and that an older signature was found to stand no longer, must stay written. Raises NotFoundError,
    InvalidInputError (period) or ForbiddenError (scope, neither head nor delegate, no person at a page).
    """
    unit = territory.unit_in_scope(session, actor.scope, wanted.unit)
    first, last = period(settings, wanted.first_day, wanted.last_day)
    by = authority(session, settings, actor, unit)
    refused = accounts.confirm(session, settings, actor, wanted.password.get_secret_value())
    if refused is not None:
        return refused
    chain_queries.take_turn(session)
    below = territory.children(session, unit.code)
    for row in queries.valid(session, [unit.code, *(child.code for child in below)], first, last):
        signing_changes.superseded(session, settings, row)
    standing_one = queries.valid(session, [unit.code], first, last)
    if standing_one:
        return _signed_already(standing_one[0])
    stands_on = _stands_on(session, settings, unit, below, first, last)
    told = determine(session, settings, unit, first, last)
    if told.blocks:
        return _blocked(told)
    actor.facts.update(signed=unit.code, last_day=last.isoformat())
    return _signed(session, settings, actor, unit, stands_on, told, by, wanted.words, residual_risk)


def send_back(
    session: Session, settings: Settings, actor: Actor, attestation_id: UUID, body: SendBackIn
) -> AttestationOut | DomainError:
    """Refuse a signature of the level below, with reasons; what was built on it stands no longer.

    A wrong password is returned. Raises NotFoundError, ForbiddenError (scope; not the head of the unit straight above)
    or ConflictError (it does not stand).
    """
    row = in_scope(session, actor.scope, attestation_id)
    authority(session, settings, actor, _above(session, row), "退回下级的签字")
    refused = accounts.confirm(session, settings, actor, body.password.get_secret_value())
    if refused is not None:
        return refused
    chain_queries.take_turn(session)
    if queries.lock(session, row.id) != "valid":
        raise ConflictError("这份签字已失效或已退回，不能再退回。请刷新页面。", id=str(row.id))
    signing_changes.end(session, settings, actor, row, "sent_back", {"words": body.words})
    return detail(session, settings, actor, attestation_id)


def detail(session: Session, settings: Settings, actor: Actor, attestation_id: UUID) -> AttestationOut:
    """A signature in full, compared with what it stood on just now. Raises NotFoundError or ForbiddenError."""
    row = in_scope(session, actor.scope, attestation_id)
    if signing_changes.superseded(session, settings, row):
        row = one_or_404(session, attestation_id)
    told = chain_queries.by_id(session, attestation_id)
    return AttestationOut(
        **shown(row).model_dump(),
        document={} if told is None else told.told,
        changes=[ChangeOut(**each) for each in ending(row).get("changes", [])],
        bases=[shown(each) for each in queries.bases(session, row.id)],
        may_send_back=row.state == "valid" and _may_send_back(session, settings, actor, row),
    )


def state(
    session: Session, settings: Settings, actor: Actor, unit_code: str, first_day: Any, last_day: Any
) -> SigningState:
    """What the actor may do about a unit's signature for a period. Raises NotFoundError or ForbiddenError (scope)."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    first, last = period(settings, first_day, last_day)
    capacity, why_not = None, None
    try:
        capacity = authority(session, settings, actor, unit).capacity
    except ForbiddenError as error:
        why_not = error.message
    depth = unit.path.count(".") + 1
    rows = {row.unit_path: row for row in queries.latest(session, actor.scope, unit.path, first, last)}
    own = rows.get(unit.path)
    return SigningState(
        unit=UnitName(code=unit.code, name=unit.name, level=unit.level),
        first_day=first,
        last_day=last,
        heads=[each.name for each in accounts.heads_of(session, settings, unit)],
        may_sign=capacity is not None and actor.via == "session",
        sign_as=capacity,
        why_not=why_not,
        attestation=None if own is None else shown(own),
        below=[shown(row) for path, row in rows.items() if path.count(".") == depth],
    )


class _StandsOn(NamedTuple):
    """What a signature stands on, as of an instant. `bases`: signatures of the level below, None where none is."""

    as_of: datetime
    items: standing.Items
    bases: list[Row[Any]] | None


def _stands_on(
    session: Session, settings: Settings, unit: UnitRow, below: list[UnitRow], first: date, last: date
) -> _StandsOn:
    """Taken before it is judged: what comes between the two is found to have changed, and never signed unseen."""
    as_of = datetime.now(UTC)
    if not below:
        return _StandsOn(as_of, standing.items_of_unit(session, settings, unit.path, last, as_of), None)
    bases = list(queries.valid(session, [child.code for child in below], first, last))
    return _StandsOn(as_of, signing_changes.base_items(bases), bases)


def _signed(
    session: Session,
    settings: Settings,
    actor: Actor,
    unit: UnitRow,
    stands_on: _StandsOn,
    told: Determination,
    by: Authority,
    words: str | None,
    residual_risk: dict[str, Any] | None,
) -> AttestationOut:
    as_of, items, bases = stands_on
    body = document(session, settings, actor, told, by, as_of, items, bases, words, residual_risk)
    entry = append(session, settings, actor, "attestation", unit, body)
    values = {
        "id": entry.id,
        "unit_code": unit.code,
        "unit_path": unit.path,
        "level": unit.level,
        "first_day": told.first_day,
        "last_day": told.last_day,
        "evidence_digest": items.digest,
    }
    queries.add(session, values, [row.id for row in bases or []], items.packed)
    return detail(session, settings, actor, entry.id)


def _signed_already(row: Row[Any]) -> ConflictError:
    return ConflictError(
        f"{row.unit_name} {row.first_day} 至 {row.last_day} 已由{row.by_name}签字，仍然有效，无须重复签字。",
        attestation=str(row.id),
        reason="signed",
    )


def _blocked(told: Determination) -> ConflictError:
    blocking: list[KindCount] = told.blocking
    named = "、".join(f"{each.text} {each.number} 项" for each in blocking[:_NAMED])
    more = f"等 {len(blocking)} 类" if len(blocking) > _NAMED else ""
    return ConflictError(
        f"{told.unit.name}仍有遗漏，不能签字：{named}{more}。请逐项补上，或由上级批准例外后再签。",
        reason="blocked",
        kinds=[each.model_dump(mode="json", exclude_none=True) for each in blocking],
    )


def _above(session: Session, row: Row[Any]) -> UnitRow:
    unit = territory.unit_or_404(session, row.unit_code)
    if unit.parent_code is None:
        raise ForbiddenError(f"{unit.name}没有上级，其签字不能退回。", code=unit.code, reason="no_level_above")
    return territory.unit_or_404(session, unit.parent_code)


def _may_send_back(session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> bool:
    try:
        authority(session, settings, actor, _above(session, row))
    except ForbiddenError:
        return False
    return actor.via == "session"
