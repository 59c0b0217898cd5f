"""The demo's people and what they find: one login per role, for the demo alone; records that must be looked at."""

import os
import re
import subprocess
import sys
from typing import Any

from fastapi.testclient import TestClient

from app.main import create_app
from app.rights import Role
from app.settings import Settings
from demo.people import people
from demo.plan import Plan
from tests.demo.small import PASSWORD

FOUND = {"copied_track", "interpolated", "outside_hours", "outside_scope", "mark_far", "photo_reused"}


def signed_in(settings: Settings, username: str) -> Any:
    with TestClient(create_app(settings), "http://127.0.0.1") as client:
        return client.post("/api/session", json={"username": username, "password": PASSWORD})


def test_there_is_one_of_each_role(plan: Plan) -> None:
    assert {person.role for person in people(plan)} == set(Role)


def test_all_may_sign_in_to_the_demo(built: Settings, plan: Plan) -> None:
    for person in people(plan):
        answer = signed_in(built, person.username)
        assert answer.status_code == 200, answer.text
        assert answer.json()["person"]["must_change_password"] is False


def test_nobody_of_the_demo_may_sign_in_elsewhere(built: Settings, plan: Plan) -> None:
    real = replace_demo(built)
    for person in people(plan):
        assert signed_in(real, person.username).status_code == 401


def test_a_session_of_the_demo_is_worth_nothing_elsewhere(built: Settings) -> None:
    with TestClient(create_app(built), "http://127.0.0.1") as client:
        client.post("/api/session", json={"username": "shi", "password": PASSWORD})
        cookies = dict(client.cookies)
        assert client.get("/api/status").status_code == 200
    with TestClient(create_app(replace_demo(built)), "http://127.0.0.1", cookies=cookies) as elsewhere:
        assert elsewhere.get("/api/status").status_code == 401


def test_the_village_finds_what_was_planted(built: Settings) -> None:
    with TestClient(create_app(built), "http://127.0.0.1") as client:
        client.post("/api/session", json={"username": "cun", "password": PASSWORD})
        queue = client.get("/api/review", params={"state": "open", "limit": 100}).json()
    kinds = {finding["kind"] for item in queue["items"] for finding in item["findings"]}
    assert kinds >= FOUND
    assert "inaccessible" in {item["kind"] for item in queue["items"]}


def test_logins_are_printed_when_the_demo_is_served(built: Settings) -> None:
    own = {"WUYILOU_DATABASE_URL": str(built.database_url), "WUYILOU_DEMO_PASSWORD": PASSWORD, "COLUMNS": "150"}
    environment = {**os.environ, **own}
    done = subprocess.run(
        [sys.executable, "-m", "demo.build"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert PASSWORD in done.stderr
    assert all(re.search(rf"\b{name}\b", done.stderr) for name in ("wangge", "cun", "zhen", "xian", "guanli"))


def replace_demo(settings: Settings) -> Settings:
    """The same installation, but not served as a demo."""
    return settings.model_copy(update={"demo": False})
