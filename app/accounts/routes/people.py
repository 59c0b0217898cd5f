"""HTTP of administering accounts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from app.accounts import people
from app.accounts.people import Filter
from app.accounts.schemas.people import Account, AccountChange, AccountDetail, AccountPage, NewAccount, NewSecret
from app.configured import SettingsDep
from app.db import SessionDep
from app.rights import Role
from app.security import AccountManager

router = APIRouter(prefix="/api/accounts", tags=["accounts"])
AccountId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
def list_accounts(
    actor: AccountManager,
    session: SessionDep,
    settings: SettingsDep,
    q: Annotated[str, Query(max_length=64)] = "",
    role: Role | None = None,
    state: Literal["", "open", "disabled"] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> AccountPage:
    """Accounts within one's own scope, by username."""
    return people.page(session, settings, actor, Filter(q, role or "", state), limit, skip)


@router.post("", status_code=201)
def add_account(actor: AccountManager, session: SessionDep, settings: SettingsDep, body: NewAccount) -> NewSecret:
    """A new account, with a password shown this once."""
    return people.add(session, settings, actor, body)


@router.get("/{account_id}")
def get_account(
    actor: AccountManager, session: SessionDep, settings: SettingsDep, account_id: AccountId
) -> AccountDetail:
    """An account with where it is signed in and its tokens."""
    return people.detail(session, settings, actor, account_id)


@router.patch("/{account_id}")
def change_account(
    actor: AccountManager, session: SessionDep, settings: SettingsDep, account_id: AccountId, body: AccountChange
) -> Account:
    """Change what is stated; what is left out stays."""
    return people.change(session, settings, actor, account_id, body)


@router.post("/{account_id}/password")
def reset_password(
    actor: AccountManager, session: SessionDep, settings: SettingsDep, account_id: AccountId
) -> NewSecret:
    """Another password, shown this once; every session of theirs ends."""
    return people.reset_password(session, settings, actor, account_id)


@router.delete("/{account_id}/sessions", status_code=204)
def end_sessions(actor: AccountManager, session: SessionDep, settings: SettingsDep, account_id: AccountId) -> None:
    """Sign somebody out everywhere."""
    people.end_sessions(session, settings, actor, account_id)
