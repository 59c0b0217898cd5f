"""Administering accounts: never beyond one's own scope, never one's own role, and never without an administrator."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import passwords, places, service
from app.accounts.queries import people as queries
from app.accounts.queries import sessions as session_queries
from app.accounts.queries import tokens as token_queries
from app.accounts.schemas.people import (
    Account,
    AccountChange,
    AccountDetail,
    AccountPage,
    NewAccount,
    NewSecret,
    Places,
    Token,
)
from app.accounts.schemas.session import OpenSession, ScopeGrid, ScopeUnit
from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.rights import ROLE_NAMES, Role
from app.settings import Settings
from app.territory import service as territory


class Filter(NamedTuple):
    """Which accounts: part of a name, username or officer code; a role; "open" or "disabled". Empty: any."""

    words: str = ""
    role: str = ""
    state: str = ""


def page(session: Session, settings: Settings, actor: Actor, wanted: Filter, limit: int, skip: int) -> AccountPage:
    """Accounts within the actor's scope, by username."""
    total, rows = queries.page(session, actor.scope, wanted.words.strip(), wanted.role, wanted.state, limit, skip)
    return AccountPage(total=total, items=_accounts(session, settings, actor, rows))


def detail(session: Session, settings: Settings, actor: Actor, account_id: int) -> AccountDetail:
    """An account with its open sessions and tokens. Raises NotFoundError or ForbiddenError."""
    row = _in_reach(session, actor, account_id)
    rows = session_queries.open_ones(session, account_id, settings.now())
    return AccountDetail(
        account=_accounts(session, settings, actor, [row])[0],
        sessions=[OpenSession(**found._mapping, is_current=found.id == actor.session_id) for found in rows],
        tokens=[Token(**found._mapping) for found in token_queries.of(session, account_id)],
    )


def add(session: Session, settings: Settings, actor: Actor, wanted: NewAccount) -> NewSecret:
    """A new account with a password to tell its person once.

    Raises ConflictError (name taken), InvalidInputError (places do not fit the role), ForbiddenError (beyond scope).
    """
    places.check(session, settings, actor.scope, wanted.role, wanted.officer_code, wanted.places)
    if not wanted.has_password and wanted.oidc_subject is None and settings.sign_in.oidc_issuer is None:
        raise InvalidInputError("未配置统一身份认证，账号必须有密码，否则无法登录。")
    password = passwords.temporary() if wanted.has_password else None
    account_id = service.create_account(
        session,
        username=wanted.username,
        name=wanted.name,
        role=wanted.role,
        created_by=actor.label,
        password=password,
        officer_code=wanted.officer_code,
        phone=wanted.phone,
        scopes=places.rows(wanted.places),
        oidc_subject=wanted.oidc_subject,
    )
    actor.facts.update(account=wanted.username, role=wanted.role.value, places=wanted.places.model_dump())
    row = _in_reach(session, actor, account_id)
    return NewSecret(account=_accounts(session, settings, actor, [row])[0], temporary_password=password)


def change(session: Session, settings: Settings, actor: Actor, account_id: int, wanted: AccountChange) -> Account:
    """Change what was stated; disabling ends the sessions. Raises as `add` does, and NotFoundError."""
    row = _in_reach(session, actor, account_id)
    stated = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    _check_not_self(actor, row, stated)
    role = wanted.role or Role(row.role)
    officer_code = stated.get("officer_code", row.officer_code)
    if {"role", "officer_code", "places"} & stated.keys():
        kept = Places(is_everything=row.is_everything, unit_codes=row.unit_codes, grid_codes=row.grid_codes)
        places.check(session, settings, actor.scope, role, officer_code, wanted.places or kept)
    _check_taken(session, row, officer_code, stated.get("oidc_subject", row.oidc_subject))
    _keep_an_administrator(session, row, stated, role)
    queries.change(session, account_id, _changed(settings, row, stated, role, officer_code))
    if wanted.places is not None:
        queries.drop_scopes(session, account_id)
        queries.add_scopes(session, account_id, places.rows(wanted.places))
    if wanted.is_disabled:
        session_queries.end_all(session, account_id, settings.now(), "disabled")
        token_queries.revoke_all(session, account_id, settings.now())
    actor.facts.update(account=row.username, changed=wanted.model_dump(mode="json", exclude_unset=True))
    return _accounts(session, settings, actor, [_in_reach(session, actor, account_id)])[0]


def reset_password(session: Session, settings: Settings, actor: Actor, account_id: int) -> NewSecret:
    """Another password to tell its person once; their sessions and tokens end, whoever made them.

    Raises NotFoundError or ForbiddenError.
    """
    row = _in_reach(session, actor, account_id)
    if account_id == actor.account_id:
        raise InvalidInputError("自己的密码请在“我的数据”页面修改。")
    password = passwords.temporary()
    queries.set_password(session, account_id, passwords.hashed(password), settings.now(), must_change=True)
    session_queries.end_all(session, account_id, settings.now(), "password_reset")
    token_queries.revoke_all(session, account_id, settings.now())
    actor.facts["account"] = row.username
    changed = _in_reach(session, actor, account_id)
    return NewSecret(account=_accounts(session, settings, actor, [changed])[0], temporary_password=password)


def end_sessions(session: Session, settings: Settings, actor: Actor, account_id: int) -> None:
    """Sign somebody out everywhere. Raises NotFoundError or ForbiddenError."""
    row = _in_reach(session, actor, account_id)
    ended = session_queries.end_all(session, account_id, settings.now(), "ended_by_administrator")
    actor.facts.update(account=row.username, ended=ended)


def id_of(session: Session, username: str) -> int:
    """The id of an account. Raises NotFoundError."""
    found = queries.id_of(session, username.strip().lower())
    if found is None:
        raise NotFoundError(f"没有用户名为 {username} 的账号。请核对用户名。", username=username)
    return found


def has_administrator(session: Session) -> bool:
    """Whether somebody may administer everything."""
    return bool(queries.locked_administrators(session))


def _in_reach(session: Session, actor: Actor, account_id: int) -> Row[Any]:
    row = queries.locked(session, account_id, actor.scope)
    if row is None:
        raise NotFoundError("没有这个账号。请返回账号列表核对。", id=account_id)
    if not row.is_inside and account_id != actor.account_id:
        raise ForbiddenError(f"账号 {row.username} 不在您的管辖范围内，请联系上级单位的系统管理员。")
    return row


def _check_not_self(actor: Actor, row: Row[Any], stated: dict[str, Any]) -> None:
    if row.id == actor.account_id and {"role", "places", "officer_code", "is_disabled"} & stated.keys():
        raise ForbiddenError("不能修改自己的角色、范围或停用自己。请由另一位系统管理员操作。", reason="own_account")


def _check_taken(session: Session, row: Row[Any], officer_code: str | None, subject: str | None) -> None:
    taken = queries.taken_by(session, row.id, row.username, officer_code, subject)
    if taken is not None:
        raise ConflictError(f"账号 {taken} 已使用这个网格员编码或统一认证标识。请核对。", username=taken)


def _keep_an_administrator(session: Session, row: Row[Any], stated: dict[str, Any], role: Role) -> None:
    wanted: Places | None = stated.get("places")
    stays = role is Role.ADMINISTRATOR and not stated.get("is_disabled") and (wanted is None or wanted.is_everything)
    if not stays and queries.locked_administrators(session) == {row.id}:
        raise ConflictError(
            f"{row.username} 是唯一管理全部范围的系统管理员，不能停用或改为其他角色、范围。请先另设一位。"
        )


def _changed(
    settings: Settings, row: Row[Any], stated: dict[str, Any], role: Role, officer_code: str | None
) -> dict[str, Any]:
    is_disabled = stated.get("is_disabled")
    disabled_at = row.disabled_at if is_disabled is None else (settings.now() if is_disabled else None)
    return {
        "name": stated.get("name") or row.name,
        "role": role.value,
        "officer_code": officer_code,
        "phone": stated.get("phone", row.phone),
        "oidc_subject": stated.get("oidc_subject", row.oidc_subject),
        "disabled_at": disabled_at,
    }


def _accounts(session: Session, settings: Settings, actor: Actor, rows: Iterable[Row[Any]]) -> list[Account]:
    found = list(rows)
    units = territory.units_by_code(session, {code for row in found for code in row.unit_codes})
    grids = territory.grid_names(session, {code for row in found for code in row.grid_codes}, settings.today())
    return [
        Account(
            **{name: value for name, value in row._mapping.items() if name in Account.model_fields},
            role_name=ROLE_NAMES[Role(row.role)],
            units=[
                ScopeUnit(code=code, name=units[code].name, level=units[code].level)
                for code in row.unit_codes
                if code in units
            ],
            grids=[ScopeGrid(code=code, name=grids.get(code, code)) for code in row.grid_codes],
            is_self=row.id == actor.account_id,
        )
        for row in found
    ]
