"""Villages and a town that hand reports upward, at an hour of the test's choosing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.accounts import sessions
from app.db import make_engine, transaction
from app.main import create_app
from app.reports.service import prepare_due
from app.rights import Role
from app.security import csrf_token
from app.settings import Settings
from tests.app.reports.records import COUNTY, TOWN, V11, V12, V21
from tests.support.people import PASSWORD, add_person
from tests.support.server import OPERATOR_TOKEN

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE: dict[str, tuple[Role, str]] = {
    "v11": (Role.VILLAGE, V11),
    "v12": (Role.VILLAGE, V12),
    "v21": (Role.VILLAGE, V21),
    "town": (Role.TOWN, TOWN),
    "county": (Role.COUNTY, COUNTY),
    "head11": (Role.LEADER, V11),
    "head12": (Role.LEADER, V12),
    "townhead": (Role.LEADER, TOWN),
    "countyhead": (Role.LEADER, COUNTY),
}
# A Tuesday evening: F2 of Thursday the 5th to Wednesday the 11th is being prepared, due the next day at 17:00.
TUESDAY = datetime(2026, 3, 10, 18, tzinfo=ZONE)
WEEK = ("2026-03-05", "2026-03-11")
DUE = datetime(2026, 3, 11, 17, tzinfo=ZONE)


class Clock(Settings):
    """Settings at an hour that the test moves."""

    at: datetime = TUESDAY

    def now(self) -> datetime:
        """The hour."""
        return self.at


class Office:
    """The application with its people; each answers the whole response."""

    def __init__(self, engine: Engine, settings: Clock, sign_in: Callable[[str], TestClient]) -> None:
        self.engine = engine
        self.settings = settings
        self._sign_in = sign_in
        self._known: dict[str, TestClient] = {}

    def client(self, name: str) -> TestClient:
        """A browser of somebody's."""
        if name not in self._known:
            self._known[name] = self._sign_in(name)
        return self._known[name]

    def at(self, *when: int) -> None:
        """Let it be a local hour: year, month, day, hour, minute."""
        self.settings.at = datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]
        self._known.clear()  # sessions end meanwhile

    def prepare(self) -> int:
        """What the job does."""
        return prepare_due(self.engine, self.settings)

    def desk(self, name: str, unit: str) -> dict[str, Any]:
        """A unit's desk."""
        return taken(self.client(name).get(f"/api/reports/submissions/desk?unit={unit}"))

    def own(self, name: str, unit: str, form: str = "F2") -> dict[str, Any]:
        """A unit's own newest version of the newest term, whole."""
        rows = [each for each in self.desk(name, unit)["own"] if each["form"] == form]
        return self.read(name, max(rows, key=lambda each: each["due_at"])["id"])

    def read(self, name: str, submission_id: str) -> dict[str, Any]:
        """A version, whole."""
        return taken(self.client(name).get(f"/api/reports/submissions/{submission_id}"))

    def do(self, name: str, act: str, submission_id: str, **body: Any) -> Any:
        """Do something with a version."""
        return self.client(name).post(f"/api/reports/submissions/{submission_id}/{act}", json=body or None)

    def check(self, name: str, unit: str, form: str = "F2", **more: Any) -> Any:
        """Check a unit's newest version as it is shown."""
        shown = self.own(name, unit, form)
        return self.do(name, "check", shown["id"], digest=shown["digest"], **more)

    def sign(self, name: str, unit: str, form: str = "F2", password: str = PASSWORD, submit: bool = True) -> Any:
        """Sign a unit's newest version as it is shown."""
        shown = self.own(name, unit, form)
        return self.do(name, "sign", shown["id"], digest=shown["digest"], password=password, submit=submit)

    def submitted(self, staff: str, head: str, unit: str, form: str = "F2", **more: Any) -> dict[str, Any]:
        """A unit's newest version, checked, signed and handed upward."""
        taken(self.check(staff, unit, form, **more))
        return taken(self.sign(head, unit, form))

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What the database says."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))


def taken(answer: Any) -> dict[str, Any]:
    """What was answered to something that was let through."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: Any, status: int) -> str:
    """In which words something was refused."""
    assert answer.status_code == status, answer.text
    message: str = answer.json()["error"]["message"]
    return message


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Office]:
    """The small city's office; the city is there."""
    settings = Clock(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN), pool_size=4, data_dir=folder)
    engine = make_engine(url, pool_size=4)
    accounts = {}
    with transaction(engine) as session:
        for name, (role, unit) in PEOPLE.items():
            accounts[name] = add_person(session, name, role, [(unit, None)])
    application = create_app(settings)
    with ExitStack() as stack:

        def sign_in(name: str) -> TestClient:
            came = sessions.Came("testclient", None, None)
            with transaction(engine) as session:
                token = sessions.open_session(session, settings, accounts[name], PEOPLE[name][0], "password", came)
            browser = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
            browser.cookies.set("wuyilou_session", token, domain="127.0.0.1")
            browser.headers["X-CSRF-Token"] = csrf_token(token)
            return stack.enter_context(browser)

        yield Office(engine, settings, sign_in)
    engine.dispose()
