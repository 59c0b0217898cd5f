"""Delegations: the head of a unit lets somebody of it sign in their place for a while, on record."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.determination.chain.appending import append
from app.determination.queries import delegations as queries
from app.determination.signing_authority import is_head
from app.determination.signing_schemas import Candidate, DelegationIn, DelegationOut, Delegations
from app.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError
from app.rights import ROLE_NAMES
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

LONGEST_DAYS = 92
_LISTED = 50


def delegate(session: Session, settings: Settings, actor: Actor, wanted: DelegationIn) -> DelegationOut | DomainError:
    """Let somebody sign for a unit for some days. A wrong password is returned.

    Raises NotFoundError (unit, person), ForbiddenError (scope, not the head) or InvalidInputError (days, oneself).
    """
    unit = territory.unit_in_scope(session, actor.scope, wanted.unit)
    _check_days(settings, wanted)
    _check_head(actor, unit)
    to = _colleague(session, settings, actor, unit, wanted.to)
    refused = accounts.confirm(session, settings, actor, wanted.password.get_secret_value())
    if refused is not None:
        return refused
    told = {
        "from": {"account": actor.account_id, "name": actor.name},
        "to": {"account": to.id, "username": to.username, "name": to.name},
        "first_day": wanted.first_day.isoformat(),
        "last_day": wanted.last_day.isoformat(),
        "reason": wanted.reason,
    }
    entry = append(session, settings, actor, "delegation", unit, told)
    values = {
        "id": entry.id,
        "unit_code": unit.code,
        "from_account": actor.account_id,
        "to_account": to.id,
        "first_day": wanted.first_day,
        "last_day": wanted.last_day,
        "reason": wanted.reason,
    }
    queries.add(session, values)
    return _shown(settings, actor, unit, _row(session, entry.id))


def end(session: Session, settings: Settings, actor: Actor, delegation_id: UUID, words: str) -> DelegationOut:
    """End a delegation early, by a head of the unit or by whom it was given to.

    Raises NotFoundError, ForbiddenError or ConflictError (it has ended).
    """
    row = _row(session, delegation_id)
    unit = territory.unit_in_scope(session, actor.scope, row.unit_code)
    if not _may_end(actor, unit, row):
        raise ForbiddenError("委托只能由本单位负责人或受托人终止。", reason="not_head")
    if row.ended_at is not None:
        raise ConflictError("这项委托已经终止。", id=str(delegation_id))
    append(session, settings, actor, "delegation_ended", unit, {"delegation": str(row.id), "words": words})
    queries.end(session, row.id, datetime.now(UTC))
    return _shown(settings, actor, unit, _row(session, delegation_id))


def of_unit(session: Session, settings: Settings, actor: Actor, unit_code: str) -> Delegations:
    """A unit's delegations, and whom its head may ask. Raises NotFoundError or ForbiddenError."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    may = is_head(actor, unit) and actor.via == "session"
    people = accounts.signers_at(session, settings, unit) if may else []
    return Delegations(
        may_delegate=may,
        candidates=[
            Candidate(username=each.username, name=each.name, role_name=ROLE_NAMES[each.role])
            for each in people
            if each.id != actor.account_id
        ],
        items=[_shown(settings, actor, unit, row) for row in queries.of_unit(session, unit.code, _LISTED)],
    )


def _check_head(actor: Actor, unit: UnitRow) -> None:
    if not is_head(actor, unit):
        raise ForbiddenError(
            f"只有{unit.name}的负责人本人可以委托他人签字，受托人不能转委托。", code=unit.code, reason="not_head"
        )


def _check_days(settings: Settings, wanted: DelegationIn) -> None:
    is_in_order = settings.today() <= wanted.first_day <= wanted.last_day
    if not is_in_order or (wanted.last_day - wanted.first_day).days >= LONGEST_DAYS:
        raise InvalidInputError(
            f"委托须从今天或以后开始，结束不早于开始，最长 {LONGEST_DAYS} 天。请修改日期。",
            first_day=wanted.first_day.isoformat(),
            last_day=wanted.last_day.isoformat(),
        )


def _colleague(session: Session, settings: Settings, actor: Actor, unit: UnitRow, username: str) -> accounts.Colleague:
    found = next((each for each in accounts.signers_at(session, settings, unit) if each.username == username), None)
    if found is None or found.id == actor.account_id:
        raise InvalidInputError(
            f"{unit.name}没有可以受托签字的账号 {username}。受托人须是本单位的工作人员，且不是本人。请从列表中选择。",
            to=username,
        )
    return found


def _row(session: Session, delegation_id: UUID) -> Row[Any]:
    row = queries.one(session, delegation_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {delegation_id} 的委托。请刷新页面。", id=str(delegation_id))
    return row


def _may_end(actor: Actor, unit: UnitRow, row: Row[Any]) -> bool:
    return is_head(actor, unit) or (actor.account_id is not None and actor.account_id == row.to_account)


def _shown(settings: Settings, actor: Actor, unit: UnitRow, row: Row[Any]) -> DelegationOut:
    holds = row.ended_at is None and row.first_day <= settings.today() <= row.last_day
    return DelegationOut(
        id=row.id,
        unit_code=row.unit_code,
        from_name=row.from_name,
        to_name=row.to_name,
        to_username=row.to_username,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=row.reason,
        made_at=row.at,
        ended_at=row.ended_at,
        holds=holds,
        may_end=row.ended_at is None and _may_end(actor, unit, row),
    )
