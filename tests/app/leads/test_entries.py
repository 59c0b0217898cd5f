"""What comes to a desk: entered once, counted while nobody has answered it; who reported it stays with one role."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from app.settings import Settings
from tests.app.leads.asks import LAT, LON, entered, entry, reporter, taken, took
from tests.app.tiles.mvt import decode
from tests.support import seeding
from tests.support.phone import refused, signed_in

SECRETS = ("郑举报", "138-1234-5678", "住在隔壁二楼")
PLACE = {"lon": LON, "lat": LAT, "datum": "WGS-84"}


def silent(text_of: str) -> None:
    """Expect nothing of the reporter in a text."""
    assert [secret for secret in SECRETS if secret in text_of] == []


@pytest.mark.parametrize(
    ("source", "days"), [("hotline", 7), ("letter", 15), ("market_register", 15), ("drone", 7), ("other", 10)]
)
def test_the_deadline_counts_from_when_it_was_told_by_its_source(source: str, days: int, town: TestClient) -> None:
    told_at = datetime.now(UTC) - timedelta(days=3)
    known = entered(town, source=source, told_at=told_at.isoformat())
    day = told_at.astimezone(Settings().zone).date()
    assert known["deadline"] == (day + timedelta(days=days)).isoformat()
    assert known["note"] == "柳树村东头厂房夜间生产，有刺鼻气味"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"unit_code": seeding.VILLAGE_21}, 403, "管辖范围"),
        ({"unit_code": "320499999999"}, 404, "没有区划代码"),
        ({"place": {**PLACE, "lat": seeding.SOUTH + 0.01}}, 403, "管辖范围"),
        ({"place": {**PLACE, "lon": 121.0}}, 422, "任何区划"),
        ({"place": {**PLACE, "lon": LAT, "lat": LON}}, 422, "坐标"),
        ({"source": "officer"}, 422, "source"),
        ({"source": "power_growth"}, 422, "source"),
        ({"what": "nothing"}, 422, "不可选"),
        ({"told": " "}, 422, "told"),
        ({"told_at": "2099-01-01T00:00:00Z"}, 422, "在将来"),
        ({"subject_uscc": "91320412MA1K0000AB"}, 422, "校验码"),
        ({"reporter": reporter(is_anonymous=True)}, 422, "匿名"),
        ({"reporter": reporter(name=None, phone=" ")}, 422, "实名"),
        ({"told": "郑举报来电说夜间生产", "reporter": reporter()}, 422, "姓名或电话"),
        ({"address": "电话 13812345678", "reporter": reporter()}, 422, "姓名或电话"),
    ],
)
def test_what_is_no_entry_is_refused_leaves_nothing_and_names_nobody(
    changes: dict[str, Any], status: int, words: str, town: TestClient, city: Engine
) -> None:
    answer = town.post("/api/leads/entries", json=entry(**changes))
    refused(answer, status, words)
    silent(answer.text)
    with city.connect() as connection:
        found = connection.execute(text("SELECT (SELECT count(*) FROM lead) + (SELECT count(*) FROM lead_reporter)"))
        assert found.scalar_one() == 0


def test_sent_again_it_is_there_once_and_a_number_stands_once_for_each_source(town: TestClient) -> None:
    body = entry(number="A-7")
    first = town.post("/api/leads/entries", json=body)
    again = town.post("/api/leads/entries", json=body)
    assert (again.json(), again.headers["Idempotent-Replay"]) == (first.json(), "true")
    refused(town.post("/api/leads/entries", json={**body, "told": "别的"}), 409, "另一份内容")
    refused(town.post("/api/leads/entries", json=entry(number="A-7")), 409, "已有编号为 A-7")
    entered(town, source="letter", number="A-7")
    entered(town, number=None)
    entered(town, number=None)
    assert town.get("/api/leads").json()["total"] == 4


def test_who_reported_is_read_by_intake_alone_and_each_look_is_recorded(
    town: TestClient, intake: TestClient, application: FastAPI, city: Engine
) -> None:
    known = entered(town, reporter=reporter(), place=PLACE)
    address = f"/api/leads/{known['id']}/reporter"
    for _ in range(2):
        assert intake.get(address).json() == reporter()
    refused(town.get(address), 403, "没有此项权限")
    for name in ("village", "county"):
        with signed_in(application, name) as other:
            refused(other.get(address), 403, "没有此项权限")
    with transaction(city) as session:
        looks = session.execute(
            text("SELECT subject, facts::text AS facts FROM audit_entry WHERE what = 'reporters.read'")
        )
        rows = looks.all()
    assert [row.subject for row in rows] == [known["id"]] * 2
    silent(str(rows))


def test_intake_reads_no_reporter_beyond_its_scope(client: TestClient, intake: TestClient) -> None:
    known = entered(client, unit_code=seeding.VILLAGE_31, reporter=reporter())
    refused(intake.get(f"/api/leads/{known['id']}/reporter"), 403, "管辖范围")
    nobodys = entered(client)
    refused(intake.get(f"/api/leads/{nobodys['id']}/reporter"), 404, "没有登记举报人")


def test_an_anonymous_reporter_is_one_who_has_no_name(town: TestClient, intake: TestClient) -> None:
    known = entered(town, reporter={"is_anonymous": True, "words": "口音像外地人"})
    told = intake.get(f"/api/leads/{known['id']}/reporter").json()
    assert told == {"is_anonymous": True, "name": None, "phone": None, "words": "口音像外地人"}


def test_who_reported_is_nowhere_else(
    intake: TestClient, town: TestClient, client: TestClient, city: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    known = entered(intake, reporter=reporter(), place=PLACE)
    path = f"/api/leads/{known['id']}"
    known = taken(intake, known, "assign", officer_code="W1")
    answers = [
        asking.get(address)
        for asking in (intake, town, client)
        for address in ("/api/leads", path, "/api/leads?q=郑举报", "/api/leads?q=138-1234-5678")
    ]
    assert [answer.json()["total"] for answer in answers if "q=" in str(answer.request.url)] == [0] * 6
    answers += [took(intake, {**known, "version": 1}, "note", words="迟到"), client.get("/api/audit")]
    answers += [client.get(f"/api/exports/leads.{kind}") for kind in ("csv", "geojson")]
    assert [answer.status_code for answer in answers[-2:]] == [200, 200]
    for answer in answers:
        silent(answer.text)
    with transaction(city) as session:
        tables = session.execute(
            text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        ).scalars()
        holding = {
            name
            for name in tables
            if session.execute(
                text(f'SELECT EXISTS (SELECT FROM "{name}" t WHERE t::text LIKE ANY(:words))'),  # noqa: S608
                {"words": [f"%{secret}%" for secret in SECRETS]},
            ).scalar_one()
        }
    assert holding == {"lead_reporter"}
    # The test's own client says what it asks for.
    silent(" ".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx")))


def test_a_guess_at_who_reported_learns_nothing(town: TestClient, client: TestClient) -> None:
    """Sending an entry again with a name would tell whether it was that one."""
    body = entry(reporter=reporter())
    assert town.post("/api/leads/entries", json=body).status_code == 200
    right = client.post("/api/leads/entries", json=body)
    wrong = client.post("/api/leads/entries", json={**body, "reporter": reporter(name="别人")})
    refused(right, 409, "另一份内容")
    assert right.json() == wrong.json()
    refused(town.post("/api/leads/entries", json={**body, "reporter": reporter(name="别人")}), 409, "另一份内容")


def test_when_the_database_refuses_a_reporter_the_log_names_nobody(
    town: TestClient, city: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(city) as session:
        session.execute(text("ALTER TABLE lead_reporter ADD CONSTRAINT never CHECK (lead_id IS NULL)"))
    answer = town.post("/api/leads/entries", json=entry(reporter=reporter()))
    assert answer.status_code == 500
    assert "incident" in caplog.text
    silent(answer.text + caplog.text + "".join(str(record.exc_info) for record in caplog.records))
    assert town.get("/api/leads").json()["total"] == 0


def omissions(client: TestClient, **params: str) -> tuple[int, dict[str, int]]:
    """How many are listed, and the counts beside the list."""
    told = client.get("/api/leads", params=params).json()
    return told["total"], told["omissions"]


def test_what_is_unmatched_unplaced_or_late_is_counted_and_found(town: TestClient, city: Engine) -> None:
    placed = entered(town, place=PLACE, told="甲处有人夜间生产")
    unplaced = entered(town, source="letter")
    done = entered(town, place=PLACE)
    taken(town, done, "match", site_id=None)
    with transaction(city) as session:
        session.execute(
            text("UPDATE lead SET deadline = :day WHERE id = :id"), {"day": Settings().today(), "id": placed["id"]}
        )
    counts = {"unmatched": 2, "unplaced": 1, "overdue": 0}
    assert omissions(town) == (3, counts), "on its last day it is not late"
    with transaction(city) as session:
        before = Settings().today() - timedelta(days=1)
        session.execute(text("UPDATE lead SET deadline = :day WHERE id = :id"), {"day": before, "id": placed["id"]})
    assert omissions(town, omission="overdue") == (1, {**counts, "overdue": 1})
    assert omissions(town, omission="unplaced", source="letter")[0] == 1
    assert omissions(town, omission="unplaced", source="hotline")[0] == 0
    assert omissions(town, q="甲处")[0] == 1
    assert omissions(town, q="100%")[0] == 0
    assert omissions(town, unit=seeding.VILLAGE_12)[0] == 0
    refused(town.get("/api/leads", params={"unit": seeding.VILLAGE_21}), 403, "管辖范围")
    told = town.get("/api/leads", params={"state": "new"}).json()
    assert told["counts"] == {"new": 3, "assigned": 0, "checked": 0, "true": 0, "false": 0, "rewarded": 0}
    assert {row["id"]: row["omissions"] for row in told["items"]}[placed["id"]] == ["unmatched", "overdue"]
    assert {row["id"]: row["omissions"] for row in told["items"]}[unplaced["id"]] == ["unmatched", "unplaced"]


def test_what_was_answered_is_no_omission_however_late(town: TestClient, city: Engine) -> None:
    known = taken(town, entered(town), "assign", officer_code="W1")
    known = taken(town, known, "check", looked_on=Settings().today().isoformat(), looked_by="王建国", words="没有")
    with transaction(city) as session:
        session.execute(text("UPDATE lead SET deadline = '2026-01-01'"))
    assert omissions(town, omission="overdue")[0] == 1
    taken(town, known, "judge", verdict="false", words="查无其事")
    assert omissions(town) == (1, {"unmatched": 0, "unplaced": 0, "overdue": 0})


def test_the_map_shows_placed_leads_of_the_scope_with_the_lists_filters(town: TestClient, application: FastAPI) -> None:
    known = entered(town, place=PLACE)
    entered(town)
    address = "/api/tiles/leads/14/13644/6665.mvt"
    (feature,) = decode(town.get(address).content)["leads"].features
    assert (feature.properties["id"], feature.properties["unmatched"]) == (known["id"], True)
    assert town.get(address, params={"state": "checked"}).content == b""
    with signed_in(application, "elsewhere") as elsewhere:
        assert elsewhere.get(address).content == b""
    refused(town.get("/api/tiles/leads/3/9/1.mvt"), 422, "不存在")
