"""`wuyilou accounts` at a terminal: how the first administrator comes to be, and help when nobody can sign in."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from app.accounts.cli import commands
from app.errors import DomainError
from tests.app.accounts.conftest import SignIn
from tests.support import seeding
from tests.support.visitor import Visitor

Visit = Callable[[], Visitor]


@pytest.fixture
def terminal(database: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal where the database is configured."""
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    return CliRunner()


def told(terminal: CliRunner, *arguments: str) -> str:
    """What a command prints for other programs to read."""
    result = terminal.invoke(commands, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_the_first_administrator_comes_in_with_what_was_printed(terminal: CliRunner, visit: Visit) -> None:
    password = told(terminal, "add", "Chief", "--name", "王主任", "--role", "administrator", "--everything")
    browser = visit()
    assert browser.sign_in("chief", password).status_code == 200
    person = browser.person()
    assert (person["name"], person["is_everything"], person["must_change_password"]) == ("王主任", True, True)


def test_people_with_places(terminal: CliRunner, visit: Visit) -> None:
    places = ("--unit", seeding.VILLAGE_11, "--unit", seeding.VILLAGE_12)
    password = told(terminal, "add", "cun", "--name", "村干部", "--role", "village", *places)
    browser = visit()
    browser.sign_in("cun", password)
    assert {unit["code"] for unit in browser.person()["units"]} == {seeding.VILLAGE_11, seeding.VILLAGE_12}
    assert "cun\t村（社区）工作人员\t村干部" in told(terminal, "list", "cun")


def test_a_lost_password_and_a_lost_phone(terminal: CliRunner, as_: SignIn, visit: Visit) -> None:
    lost = as_("staff")
    told(terminal, "sign-out", "staff")
    assert lost.person() is None
    password = told(terminal, "reset-password", "staff")
    assert visit().sign_in("staff").status_code == 401
    assert visit().sign_in("staff", password).status_code == 200


def test_somebody_who_left_and_came_back(terminal: CliRunner, as_: SignIn, visit: Visit) -> None:
    inside = as_("staff")
    told(terminal, "disable", "staff")
    assert inside.person() is None
    assert "已停用" in told(terminal, "list", "staff")
    told(terminal, "disable", "staff", "--undo")
    assert visit().sign_in("staff").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reset-password", "nobody-here"), "没有用户名为 nobody-here"),
        (("disable", "root"), "唯一"),
        (("add", "staff", "--name", "x", "--role", "leader", "--everything"), "staff"),
        (("add", "没有", "--name", "x", "--role", "leader", "--everything"), "用户名须为"),
        (("add", "cun", "--name", "x", "--role", "village"), "必须指定"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changed(
    terminal: CliRunner, tables: Engine, arguments: tuple[str, ...], words: str
) -> None:
    failed = terminal.invoke(commands, list(arguments))
    assert isinstance(failed.exception, DomainError)
    assert words in failed.exception.message
    with tables.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account WHERE disabled_at IS NULL")).scalar_one() == 7


def test_it_is_written_down(terminal: CliRunner, as_: SignIn) -> None:
    root = as_("root")
    told(terminal, "reset-password", "staff")
    newest = root.get("/api/audit").json()["items"][0]
    assert (newest["via"], newest["route"], newest["subject"]) == (
        "terminal",
        "wuyilou accounts reset-password",
        "staff",
    )
