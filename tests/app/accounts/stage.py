"""The stage of the rights matrix: one database, a person per role in village 11, and records inside and outside."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.accounts import audit, sessions
from app.accounts.queries import tokens
from app.accounts.sessions import Came
from app.db import make_engine, transaction
from app.main import create_app
from app.rights import Right, Role
from app.security import csrf_token
from app.settings import Settings
from tests.app.accounts.matrix import IN, OUT, ROLES
from tests.app.accounts.matrix_baselines import new_list
from tests.app.accounts.matrix_cases import new_case
from tests.app.accounts.matrix_dispatch import new_order
from tests.app.accounts.matrix_reports import effort
from tests.app.accounts.matrix_sites import new_site, new_tenancy
from tests.app.accounts.matrix_submissions import put_submissions
from tests.app.accounts.matrix_supervision import put_supervision
from tests.app.accounts.matrix_visits import shut_gate
from tests.app.review.world import World, square
from tests.support.people import add_person
from tests.support.server import OPERATOR_TOKEN

HOST = "http://127.0.0.1"


@dataclass
class Stage:
    """The application with everything that the table names."""

    application: FastAPI
    engine: Engine
    settings: Settings
    names: dict[str, str]
    portal: BlockingPortal  # one loop for all requests: a client of its own makes one for each
    _known: dict[str, TestClient] = field(default_factory=dict)

    def known(self, username: str) -> TestClient:
        """A browser of somebody's that was signed in before: for what is refused, and so changes nothing of it."""
        if username not in self._known:
            self._known[username] = self.browser(username)
        return self._known[username]

    def browser(self, username: str) -> TestClient:
        """A browser signed in anew, without the time that a password takes."""
        account = self.names[f"account:{username}"]
        role = Role(self.names[f"role:{username}"])
        came = Came("testclient", None, None)
        with transaction(self.engine) as session:
            token = sessions.open_session(session, self.settings, int(account), role, "password", came)
        client = self.nobody()
        client.cookies.set("wuyilou_session", token, domain="127.0.0.1")
        client.headers["X-CSRF-Token"] = csrf_token(token)
        return client

    def machine(self, username: str, without: str) -> TestClient:
        """A machine with a token of somebody's that may all they may but one thing."""
        secret = f"wyl_{uuid4().hex}"
        now = self.settings.now()
        values = {
            "account_id": int(self.names[f"account:{username}"]),
            "name": "matrix",
            "digest": sessions.digest_of(secret),
            "rights": [right.value for right in Right if right.value != without],
            "unit_codes": None,
            "now": now,
            "expires_at": now + timedelta(1),
        }
        with transaction(self.engine) as session:
            tokens.add(session, values)
        client = self.nobody()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    def nobody(self) -> TestClient:
        """Somebody who is not signed in."""
        client = TestClient(self.application, HOST, raise_server_exceptions=False, follow_redirects=False)
        client.portal = self.portal
        return client


@contextmanager
def staged(url: str, folder: Path) -> Iterator[Stage]:
    """The stage on a fresh database."""
    settings = Settings(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN), pool_size=4)
    engine = make_engine(url, pool_size=2)
    world = World.built(engine, settings)
    application = create_app(settings)
    try:
        with start_blocking_portal() as portal:
            stage = Stage(application, engine, settings, {}, portal)
            _add_people(stage)
            _add_records(stage, world, folder)
            _add_by_operator(stage)
            stage.names |= put_submissions(engine, settings)
            _add_exceptions(stage)
            yield stage
    finally:
        application.state.engine.dispose()
        engine.dispose()


def _add_people(stage: Stage) -> None:
    """Staff have codes of officers too: who sends records from a phone has one."""
    with transaction(stage.engine) as session:
        session.execute(
            text("DELETE FROM account_scope WHERE account_id IN (SELECT id FROM account WHERE username = 'wang')")
        )
        session.execute(text("DELETE FROM account WHERE username = 'wang'"))
        for role in ROLES:
            code = "W1" if role == "officer" else None
            if "records.send" in ROLES[role].split() and code is None:
                code = f"M-{role}"
                session.execute(text("INSERT INTO officer VALUES (:code, '职员', NULL)"), {"code": code})
            scopes = [] if role == "officer" else [(IN, None)]
            stage.names[f"account:{role}"] = str(add_person(session, f"m-{role}", Role(role), scopes, code))
            stage.names[f"role:{role}"] = role
        for name, unit in (("in", IN), ("out", OUT)):
            number = add_person(session, f"target-{name}", Role.VILLAGE, [(unit, None)])
            stage.names[f"account_{name}"] = str(number)
            audit.note_stranger(session, "testclient", "sign_in_failed", "POST /api/session", f"target-{name}", number)


def _add_records(stage: Stage, world: World, folder: Path) -> None:
    names = stage.names
    for name, officer, row in (("in", "W1", 2), ("out", "W2", 0)):
        names[f"patrol_{name}"] = str(world.patrol(officer, 0, row))
        names[f"voided_{name}"] = str(world.patrol(officer, 1, row))
        names[f"open_{name}"] = str(world.suspicious(officer, 0, row))
        names[f"asked_{name}"] = str(world.suspicious(officer, 1, row))
        names[f"mark_{name}"] = str(world.mark(officer, area=square(0.5, row + 0.3)))
        names[f"photo_{name}"] = str(world.photo(officer, datetime.now(UTC), (119.81, 31.77)))
    for code, row in (("EX-IN", 2.5), ("EX-YES", 2.6), ("EX-NO", 2.7), ("EX-OUT", 0.5)):
        world.exclusion(folder, code, square(0.5, row))
    with transaction(stage.engine) as session:
        put_supervision(session, names)
    taken = {"taken_at": datetime.now(UTC).isoformat(), "lon": "119.81", "lat": "31.77"}
    names |= {"taken": urlencode(taken), "grid_in": f"{IN}001", "grid_out": f"{OUT}001"}
    names |= {name: str(uuid4()) for name in ("nothing", "new_W1", "new_W2", "new_photo", "new_other", "new_answer")}
    names |= {name: str(uuid4()) for name in ("new_lead_W1", "new_lead_W2", "new_mark_W1", "new_mark_W2")}


def _add_by_operator(stage: Stage) -> None:
    """What is put in as its sender would, by the operator."""
    client = stage.nobody()
    client.headers["Authorization"] = f"Bearer {OPERATOR_TOKEN}"
    for name, officer, row in (("in", "W1", 2.5), ("out", "W2", 0.5)):
        lead = {
            "id": str(uuid4()), "officer_code": officer, "what": "smell", "datum": "WGS-84",
            "lon": 119.80 + 0.5 * 0.02, "lat": 31.728 + row * 0.018, "accuracy_m": 5.0,
            "made_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        _taken(client.post("/api/leads", json=lead))
        stage.names[f"lead_{name}"] = lead["id"]  # type: ignore[assignment]
    for key, name, unit in (("in", "群里", IN), ("out", "群外", OUT), ("gone", "群去", IN)):
        hook = {"name": name, "format": "wecom", "url": "http://127.0.0.1:9/x", "unit_code": unit}
        stage.names[f"webhook_{key}"] = str(_taken(client.post("/api/webhooks", json=hook))["id"])
    for name, unit in (("in", IN), ("out", OUT)):
        site_id = str(_taken(client.post("/api/sites", json=new_site(unit)))["id"])
        stage.names[f"site_{name}"] = site_id
        let = _taken(client.post(f"/api/sites/{site_id}/tenancies", json=new_tenancy()))
        stage.names[f"tenancy_{name}"] = str(let["id"])
        gate = shut_gate(f"site_{name}", {"in": "W1", "out": "W2"}[name])(stage.names)
        sent = new_order(f"site_{name}", {"in": "W1", "out": "W2"}[name])(stage.names)
        stage.names[f"order_{name}"] = str(_taken(client.post("/api/orders", json=sent))["id"])
        stage.names[f"visit_{name}"] = str(_taken(client.post("/api/visits", json=gate))["id"])
    for name, unit in (("in", IN), ("out", OUT)):
        stage.names[f"case_{name}"] = str(_taken(client.post("/api/cases", json=new_case(unit)))["id"])
    for name, unit in (("effort_in", IN), ("effort_out", OUT)):
        stage.names[name] = str(uuid4())
        _taken(client.post("/api/reports/efforts", json=effort(name, unit)(stage.names)))
    for name, unit in (("in", IN), ("out", OUT)):
        data, file = new_list(unit)(stage.names)
        kept = str(_taken(client.post("/api/baselines", data=data, files={"file": file}))["id"])
        rows = _taken(client.get(f"/api/baselines/{kept}/rows"))["items"]
        stage.names |= {f"list_{name}": kept, f"row_{name}": str(rows[0]["id"])}
    asked = client.post(f"/api/review/{stage.names['asked_out']}/ask", json={"words": "核实"})
    _taken(asked)


def _add_exceptions(stage: Stage) -> None:
    """One inside that was decided already, and one outside that waits."""
    with transaction(stage.engine) as session:
        for name, unit, state in (("in", IN, "refused"), ("out", OUT, "requested")):
            stage.names[f"exception_{name}"] = str(uuid4())
            session.execute(
                text(
                    """INSERT INTO omission_exception (id, kind, subject, name, unit_code, unit_path, reason, until,
                        content_digest, requested_by, state, decided_by)
                    SELECT CAST(:id AS uuid), 'site_overdue', 'site:' || CAST(:id AS text), '某厂', u.code, u.path,
                        '停产', now() + interval '9 days', ''::bytea, '某人', CAST(:state AS text),
                        CASE WHEN CAST(:state AS text) = 'refused' THEN '某领导' END
                    FROM unit u WHERE u.code = :unit"""
                ),
                {"id": stage.names[f"exception_{name}"], "unit": unit, "state": state},
            )


def _taken(answer: Any) -> Mapping[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    found: Mapping[str, Any] = answer.json()
    return found
