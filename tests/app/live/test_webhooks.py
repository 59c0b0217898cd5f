"""Group robots are told once a day what is overdue, outside quiet hours, again when it did not work."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.live import webhooks
from app.live.digest import digest
from app.live.service import forget_progress
from app.live.webhooks import MOST_ATTEMPTS, is_quiet
from app.settings import Settings
from tests.app.live.conftest import report
from tests.app.live.test_today import as_person, patrol
from tests.support.seeding import COUNTY_A, TOWN_1, TOWN_2

KEY = "0f1e2d3c-key"
SIGNED = {"format": "dingtalk", "secret": "SEC000"}


class Chat(ThreadingHTTPServer):
    """A group chat's robot: keeps what it is told, and answers as a test wants."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Robot)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """The robot's address."""
        return f"http://127.0.0.1:{self.server_port}/robot/send?key={KEY}"

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Answer the next message so."""
        self.answers.append((status, headers, body))

    def texts(self) -> list[str]:
        """The texts of what was told."""
        return [told["markdown"].get("content") or told["markdown"]["text"] for _, told in self.told]


class Robot(BaseHTTPRequestHandler):
    """One message."""

    server: Chat

    def do_POST(self) -> None:
        """Keep it, answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append((self.path, body))
        default = (200, {}, b'{"errcode":0,"errmsg":"ok"}')
        status, headers, answer = self.server.answers.pop(0) if self.server.answers else default
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A robot that listens."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Chat() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


class Clock(Settings):
    """Settings of another time of day."""

    at: datetime

    def now(self) -> datetime:
        """The instant that the test says."""
        return self.at


def at(settings: Settings, hour: int, minute: int = 0, days: int = 0) -> Clock:
    """The settings with a clock that stands at a time of today, or of days later."""
    when = settings.now().replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
    return Clock(**settings.model_dump(), at=when)


def add(client: TestClient, url: str, unit: str = TOWN_2, **more: Any) -> dict[str, Any]:
    """Add a robot."""
    body = {"name": "镇安全群", "format": "wecom", "url": url, "unit_code": unit, **more}
    answer = client.post("/api/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def last(client: TestClient) -> dict[str, Any]:
    """What became of the last message of the only robot."""
    (found,) = client.get("/api/webhooks").json()
    told: dict[str, Any] = found["last"]
    return told


def test_a_unit_is_told_once_a_day_what_is_overdue(
    db: Engine, client: TestClient, settings: Settings, chat: Chat
) -> None:
    """Counts and names of units, no person; not twice, and the next day again."""
    patrol(client, 20, 0, 0, "W2")
    add(client, chat.url)
    assert webhooks.run(db, at(settings, 8)) == 1
    assert webhooks.run(db, at(settings, 15)) == 0
    (told,) = chat.texts()
    assert "北塘街道" in told
    assert "已超出周期：**1** 个网格" in told
    assert "- 清水村：已超期 1 个网格" in told
    assert "新塘社区" not in told
    assert "李秀英" not in told
    assert last(client)["error"] is None
    assert last(client)["sent_at"] is not None
    assert webhooks.run(db, at(settings, 8, days=1)) == 1


def test_silence_never_means_that_all_is_well(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """Nothing overdue is told too."""
    add(client, chat.url, TOWN_1)
    webhooks.run(db, at(settings, 8))
    assert "没有超出周期的网格" in chat.texts()[0]


def test_quiet_hours_put_off_and_drop_nothing(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """Before they end nothing is sent; the first run after them sends. A retry waits for their end too."""
    add(client, chat.url)
    assert webhooks.run(db, at(settings, 7, 29)) == 0
    chat.answer(503)
    assert webhooks.run(db, at(settings, 20, 59)) == 0
    assert len(chat.told) == 1
    assert webhooks.run(db, at(settings, 21, 30)) == 0
    assert len(chat.told) == 1
    assert webhooks.run(db, at(settings, 7, 30, days=1)) == 1


@pytest.mark.parametrize(
    ("start", "end", "quiet", "loud"),
    [
        (time(21), time(7, 30), [time(21), time(23, 59), time(0), time(7, 29)], [time(7, 30), time(12), time(20, 59)]),
        (time(12), time(14), [time(12), time(13, 59)], [time(14), time(11, 59), time(0)]),
        (time(0), time(0), [], [time(0), time(12), time(23, 59)]),
    ],
)
def test_quiet_hours_may_go_over_midnight(
    settings: Settings, start: time, end: time, quiet: list[time], loud: list[time]
) -> None:
    """Their start belongs to them, their end does not; equal ends mean none."""
    chosen = settings.model_copy(update={"quiet_from": start, "quiet_until": end})
    assert [hour for hour in (*quiet, *loud) if is_quiet(chosen, hour)] == quiet


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (500, b"", {}, "HTTP 500"),
        (302, b"", {"Location": "http://127.0.0.1:9/"}, "未跟随"),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', {}, "93000 invalid webhook url"),
        (200, b"<html>", {}, "不是群机器人的格式"),
        (200, b"[]", {}, "不是群机器人的格式"),
    ],
)
def test_a_message_that_was_not_taken_is_sent_again_later(
    db: Engine,
    client: TestClient,
    settings: Settings,
    chat: Chat,
    status: int,
    body: bytes,
    headers: dict[str, str],
    said: str,
) -> None:
    """Why is said where administrators look; a minute later it is tried again, and then it is well."""
    add(client, chat.url)
    chat.answer(status, body, **headers)
    assert webhooks.run(db, at(settings, 8)) == 0
    assert said in last(client)["error"]
    assert KEY not in json.dumps(client.get("/api/webhooks").json())
    assert webhooks.run(db, at(settings, 8)) == 0
    assert len(chat.told) == 1
    assert webhooks.run(db, at(settings, 8, 1)) == 1
    assert last(client) | {"sent_at": ""} == {**last(client), "sent_at": "", "attempts": 2, "error": None}
    assert chat.texts()[0] == chat.texts()[1]


def test_waits_grow_and_end(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """One, two, four … minutes; after the last attempt it is left, with the error in sight."""
    add(client, chat.url)
    tried = []
    for minute in range(12 * 60):
        if len(tried) < MOST_ATTEMPTS:
            chat.answers = [(500, {}, b"")]
        before = len(chat.told)
        webhooks.run(db, at(settings, 8 + minute // 60, minute % 60))
        if len(chat.told) > before:
            tried.append(minute)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 127]
    assert last(client)["attempts"] == MOST_ATTEMPTS
    assert last(client)["sent_at"] is None


def test_nobody_at_the_address(db: Engine, client: TestClient, settings: Settings) -> None:
    """It is said, without the key that the address holds."""
    add(client, f"http://127.0.0.1:9/robot?key={KEY}")
    assert webhooks.run(db, at(settings, 8)) == 0
    assert "无法送达 127.0.0.1" in last(client)["error"]
    assert KEY not in last(client)["error"]


def test_dingtalk_is_signed_as_it_wants(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """timestamp and sign in the address: base64 of HMAC-SHA256 of both with the secret."""
    add(client, chat.url, **SIGNED)
    webhooks.run(db, at(settings, 8))
    ((path, body),) = chat.told
    query = parse_qs(urlsplit(path).query)
    stamp = query["timestamp"][0]
    assert int(stamp) == int(at(settings, 8).at.timestamp() * 1000)
    signature = hmac.new(b"SEC000", f"{stamp}\nSEC000".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == signature
    assert query["key"] == [KEY]
    assert body["msgtype"] == "markdown"
    assert set(body["markdown"]) == {"title", "text"}


def test_two_servers_send_a_message_once(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """Both make the day's message at the same moment; the chat gets one."""
    add(client, chat.url)
    clock = at(settings, 8)
    threads = [threading.Thread(target=webhooks.run, args=(db, clock)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(chat.told) == 1


def test_a_robot_switched_off_is_told_nothing(db: Engine, client: TestClient, settings: Settings, chat: Chat) -> None:
    """Until it is switched on again."""
    robot = add(client, chat.url, enabled=False)
    assert webhooks.run(db, at(settings, 8)) == 0
    client.patch(f"/api/webhooks/{robot['id']}", json={"enabled": True})
    assert webhooks.run(db, at(settings, 9)) == 1


def test_a_name_cannot_act_as_markup_and_a_long_list_fits(db: Engine, settings: Settings, client: TestClient) -> None:
    """企业微信 takes 4,096 bytes; what is left off is said."""
    patrol(client, 20, 0, 0, "W2")
    with db.begin() as connection:
        name = {"name": "[点这里](http://evil.example)" + "很长的名字" * 300, "code": TOWN_2}
        connection.execute(text("UPDATE unit SET name = :name WHERE code = :code"), name)
    with Session(db) as session:
        body = digest(session, settings, "wecom", COUNTY_A)
    content = body["markdown"]["content"]  # type: ignore[index]
    assert len(content.encode()) <= 4096
    assert "另有 1 个单位" in content
    assert "](" not in content


def test_a_person_may_try_a_robot_out(db: Engine, client: TestClient, chat: Chat) -> None:
    """At any hour, and hears at once whether it works."""
    robot = add(client, chat.url)
    assert client.post(f"/api/webhooks/{robot['id']}/test").json() == {"sent": True, "error": None}
    assert "测试消息" in chat.texts()[0]
    chat.answer(404)
    assert "HTTP 404" in client.post(f"/api/webhooks/{robot['id']}/test").json()["error"]


@pytest.mark.parametrize("url", ["ftp://host/x", "file:///etc/passwd", "https://", "http://user:pw@host/", "robot"])
def test_only_web_addresses(db: Engine, client: TestClient, url: str) -> None:
    """Others are refused."""
    body = {"name": "群", "format": "wecom", "url": url, "unit_code": TOWN_2}
    assert client.post("/api/webhooks", json=body).status_code == 422


def test_a_secret_that_would_not_be_used_is_refused(db: Engine, client: TestClient, chat: Chat) -> None:
    """企业微信 signs nothing: whoever gives a secret has chosen the wrong format."""
    body = {"name": "群", "format": "wecom", "url": chat.url, "unit_code": TOWN_2, "secret": "SEC000"}
    assert client.post("/api/webhooks", json=body).status_code == 422
    robot = add(client, chat.url, **SIGNED)
    assert robot["has_secret"] is True
    assert client.patch(f"/api/webhooks/{robot['id']}", json={"format": "wecom"}).status_code == 422
    changed = client.patch(f"/api/webhooks/{robot['id']}", json={"format": "wecom", "secret": None, "name": "新群"})
    assert (changed.json()["has_secret"], changed.json()["name"]) == (False, "新群")


def test_administrators_manage_the_robots_of_their_own_units(db: Engine, stranger: TestClient, chat: Chat) -> None:
    """The one of town 2 neither sees nor changes nor moves anything to another unit; others have no right at all."""
    admin = as_person(stranger, "admin")
    theirs, other = add(admin, chat.url, TOWN_1), add(admin, chat.url, TOWN_2)
    admin2 = as_person(stranger, "admin2")
    assert [robot["id"] for robot in admin2.get("/api/webhooks").json()] == [other["id"]]
    body = {"name": "群", "format": "wecom", "url": chat.url, "unit_code": TOWN_1}
    assert admin2.post("/api/webhooks", json=body).status_code == 403
    assert admin2.patch(f"/api/webhooks/{other['id']}", json={"unit_code": TOWN_1}).status_code == 403
    address = f"/api/webhooks/{theirs['id']}"
    assert admin2.patch(address, json={"enabled": False}).status_code == 403
    assert admin2.delete(address).status_code == 403
    assert admin2.post(f"{address}/test").status_code == 403
    assert admin2.delete("/api/webhooks/999").status_code == 404
    assert admin2.delete(f"/api/webhooks/{other['id']}").status_code == 204
    assert chat.told == []
    town = as_person(stranger, "town1")
    assert town.get("/api/webhooks").status_code == 403


def test_progress_of_days_ago_is_forgotten(db: Engine, settings: Settings) -> None:
    """What phones reported three days ago goes; today's stays."""
    report(db, "W1", silent_s=3 * 86_400)
    report(db, "W2")
    assert forget_progress(db, settings) == 1
    with db.connect() as connection:
        assert connection.execute(text("SELECT officer_code FROM patrol_progress")).scalars().all() == ["W2"]
