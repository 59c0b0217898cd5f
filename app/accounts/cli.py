"""`wuyilou accounts`: people who may sign in, from a terminal at the server. The first administrator is made here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from app.accounts import audit, people
from app.accounts.people import Filter
from app.accounts.schemas.people import AccountChange, NewAccount, NewSecret, Places
from app.actor import Actor, terminal
from app.db import transaction
from app.errors import InvalidInputError
from app.installation import migrated
from app.rights import Role
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True)
ONCE = "初始密码（只显示这一次，首次登录须修改）\npassword (shown this once, to be changed at the first sign-in):"
Username = Annotated[str, typer.Argument(help="Letters, digits, . _ -")]


@commands.command()
def add(
    username: Username,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[Role, typer.Option(help="What they are here.")],
    unit: Annotated[list[str] | None, typer.Option(help="Code of a unit they are responsible for; repeat it.")] = None,
    grid: Annotated[list[str] | None, typer.Option(help="Code of a grid they are responsible for; repeat it.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Responsible for everything.")] = False,
    officer: Annotated[str | None, typer.Option(help="Their code in the grid files, if they walk.")] = None,
    phone: Annotated[str | None, typer.Option(help="Telephone.")] = None,
) -> None:
    """Make an account, and print its first password."""
    places = Places(is_everything=everything, unit_codes=unit or [], grid_codes=grid or [])
    wanted = _read(username=username, name=name, role=role, officer_code=officer, phone=phone, places=places)
    with _work() as (session, settings, actor):
        made = people.add(session, settings, actor, wanted)
        audit.note(session, actor, "accounts.manage", "wuyilou accounts add", made.account.username)
    _tell(made)


@commands.command("list")
def list_accounts(words: Annotated[str, typer.Argument(help="Part of a name or code.")] = "") -> None:
    """Print accounts: username, role, name, and whether they are disabled."""
    with _work() as (session, settings, actor):
        page = people.page(session, settings, actor, Filter(words), 100_000, 0)
    for account in page.items:
        state = "已停用 disabled" if account.disabled_at else ""
        typer.echo(f"{account.username}\t{account.role_name}\t{account.name}\t{state}")


@commands.command("reset-password")
def reset_password(username: Username) -> None:
    """Give an account another password, print it, and sign its person out everywhere."""
    with _work() as (session, settings, actor):
        made = people.reset_password(session, settings, actor, people.id_of(session, username))
        audit.note(session, actor, "accounts.manage", "wuyilou accounts reset-password", username)
    _tell(made)


@commands.command()
def disable(
    username: Username, undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False
) -> None:
    """Let an account in no more, and sign its person out everywhere."""
    with _work() as (session, settings, actor):
        number = people.id_of(session, username)
        people.change(session, settings, actor, number, AccountChange(is_disabled=not undo))
        audit.note(session, actor, "accounts.manage", "wuyilou accounts disable", username)
    typer.echo(f"{'enabled' if undo else 'disabled'}: {username}")


@commands.command("sign-out")
def sign_out(username: Username) -> None:
    """Sign somebody out everywhere."""
    with _work() as (session, settings, actor):
        people.end_sessions(session, settings, actor, people.id_of(session, username))
        audit.note(session, actor, "accounts.manage", "wuyilou accounts sign-out", username)
    typer.echo(f"signed out: {username}")


@contextmanager
def _work() -> Iterator[tuple[Session, Settings, Actor]]:
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session:
        yield session, settings, terminal()


def _read(**stated: Any) -> NewAccount:
    try:
        return NewAccount(**stated)
    except ValueError as error:
        raise InvalidInputError(f"用户名须为 2–32 位小写字母、数字或 . _ -，姓名不能为空。\n{error}") from error


def _tell(made: NewSecret) -> None:
    typer.echo(f"{made.account.username}（{made.account.role_name}）", err=True)
    typer.echo(ONCE, err=True)
    typer.echo(made.temporary_password)
