"""Sending, changing and taking back orders: once, in scope, to who answers for ground there."""

from math import cos, sin
from uuid import uuid4

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from app.live.digest import digest
from app.settings import Settings
from tests.app.dispatch.asks import LENGTH_M, START, day, kinds, now_of, order, sent, step, strip, told
from tests.app.dispatch.conftest import Person
from tests.support import seeding
from tests.support.phone import refused
from tests.support.visiting import OTHER_YARD, put_site


def test_an_order_goes_to_the_grids_officer_and_is_stored_once(head: TestClient) -> None:
    body = order(words="先查东侧")
    first = head.post("/api/orders", json=body)
    known = told(first)
    assert (known["officer"]["code"], known["state"], known["level"]) == ("W1", "open", "village")
    assert (known["unit"]["name"], known["grid"]["name"]) == ("柳树村", "柳树第1网格")
    assert known["words"] == "先查东侧"
    assert 3000 < known["area_m2"] < 4500
    again = head.post("/api/orders", json=body)
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert kinds(told(again)) == ["created"]
    refused(head.post("/api/orders", json={**body, "words": "别的"}), 409, "已用于另一张派单")
    assert told(head.get("/api/orders"))["total"] == 1


def test_a_draft_says_whom_it_may_go_to_and_what_is_open_already(head: TestClient) -> None:
    body = order()
    asked = {"subject_kind": "ground", "area": body["area"]}
    before = told(head.post("/api/orders/draft", json=asked))
    assert (before["officer_code"], before["others"]) == ("W1", [])
    assert [each["code"] for each in before["officers"]] == ["W1"]
    told(head.post("/api/orders", json=body))
    after = told(head.post("/api/orders/draft", json=asked))
    assert [each["id"] for each in after["others"]] == [body["id"]]
    assert after["officers"][0]["open_orders"] == 1
    beside = {"subject_kind": "ground", "area": shapely.geometry.mapping(strip(row=2.6))}
    assert told(head.post("/api/orders/draft", json=beside))["others"] == []


def test_one_thing_has_one_open_order(head: TestClient, person: Person) -> None:
    site = put_site(person("town"))
    known = sent(head, f"site:{site}")
    facts = refused(head.post("/api/orders", json=order(f"site:{site}")), 409, "已派单给王建国")
    assert facts["order_id"] == known["id"]
    told(step(head, known, "withdraw", words="重复"))
    sent(head, f"site:{site}")


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"deadline": day(-1)}, 422, "期限"),
        ({"deadline": day(400)}, 422, "期限"),
        ({"officer_code": "W9"}, 404, "没有编码为 W9"),
        ({"officer_code": "W2"}, 403, "没有网格，不能派单"),
        ({"subject": "site:1"}, 422, "派单对象"),
        ({"area": None}, 422, "范围"),
        ({"area": shapely.geometry.mapping(strip(row=0.3))}, 403, "管辖范围"),
        ({"area": shapely.geometry.mapping(strip(length_m=0.01))}, 422, "太小或太窄"),
        ({"area": shapely.geometry.mapping(seeding.cell(-30, -30, 30, 30))}, 422, "平方公里"),
        ({"area": shapely.geometry.mapping(seeding.cell(20, 20, 0.1, 0.1))}, 422, "不在本系统的任何区划内"),
        ({"area": shapely.geometry.mapping(seeding.cell(0, 1.6, 1, 1))}, 403, "管辖范围"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    head: TestClient, changes: dict[str, object], status: int, words: str
) -> None:
    body = order() | changes
    if "subject" in changes:
        body = {**body, "subject_kind": "site", "area": None}
    refused(head.post("/api/orders", json=body), status, words)
    assert told(head.get("/api/orders"))["total"] == 0


def test_where_nobody_is_in_charge_the_sender_must_say_who_goes(head: TestClient) -> None:
    area = strip(column=2.3, row=2.3)  # village 12 has no officer
    refused(head.post("/api/orders", json=order(area=area)), 422, "请选择派给谁")
    assert sent(head, area=area, officer_code="W1")["officer"]["name"] == "王建国"


def test_nobody_sends_or_sees_beyond_their_scope(head: TestClient, person: Person) -> None:
    county = person("county")
    site = put_site(county, OTHER_YARD, stated_unit_code=seeding.VILLAGE_21)
    refused(head.post("/api/orders", json=order(f"site:{site}")), 403, "管辖范围")
    known = sent(county, f"site:{site}")
    assert known["officer"]["code"] == "W2"
    for answer in (
        head.get(f"/api/orders/{known['id']}"),
        step(head, known, "withdraw", words="不归我管"),
        head.get("/api/orders", params={"unit": seeding.TOWN_2}),
    ):
        refused(answer, 403, "管辖范围")
    assert told(head.get("/api/orders"))["total"] == 0
    assert now_of(county, known)["state"] == "open"
    inside = sent(county)
    facts = refused(step(head, inside, "reassign", officer_code="W2", words="换人"), 403, "没有网格，不能派单")
    assert facts == {"officer_code": "W2"}
    moved = told(step(county, inside, "reassign", officer_code="W2", words="换人"))
    assert moved["officer"]["code"] == "W2"


def test_steps_are_written_down_and_a_second_hand_is_told(head: TestClient, person: Person) -> None:
    known = sent(head)
    moved = told(step(head, known, "deadline", deadline=day(7), words="雨天"))
    assert (moved["deadline"], moved["days_left"]) == (day(7), 7)
    refused(step(person("town"), known, "note", words="旧的"), 409, "刚有变化")
    refused(step(head, moved, "deadline", deadline=day(-2), words="早"), 422, "期限")
    noted = told(step(person("town"), moved, "note", words="已电话告知"))
    back = told(step(head, noted, "withdraw", words="已拆除"))
    assert kinds(back) == ["created", "deadline_moved", "noted", "withdrawn"]
    assert [event["by_name"] for event in back["events"]] == ["测试head", "测试head", "测试town", "测试head"]
    assert back["events"][1]["facts"] == {"deadline": [day(3), day(7)]}
    refused(step(head, back, "deadline", deadline=day(9), words="再来"), 409, "已撤回")


def test_events_cannot_be_altered(head: TestClient, city: Engine) -> None:
    sent(head)
    with city.connect() as connection, pytest.raises(Exception, match="work_order_event"):
        connection.execute(text("UPDATE work_order_event SET words = '改'"))


def test_lists_count_by_state_and_show_the_most_urgent_first(head: TestClient, city: Engine) -> None:
    later, soon = sent(head, deadline=day(9)), sent(head, area=strip(row=2.6), deadline=day(1))
    late = sent(head, area=strip(row=2.8))
    with city.begin() as connection:
        statement = text("UPDATE work_order SET deadline = :day, level = 'town' WHERE id = :id")
        connection.execute(statement, {"day": day(-2), "id": late["id"]})
    page = told(head.get("/api/orders"))
    assert [row["id"] for row in page["items"]] == [late["id"], soon["id"], later["id"]]
    assert page["items"][0]["is_overdue"]
    assert page["items"][0]["days_left"] == -2
    counts = page["counts"]
    assert (counts["open"], counts["overdue"], counts["done"], counts["withdrawn"]) == (3, 1, 0, 0)
    assert (counts["levels"]["village"], counts["levels"]["town"]) == (2, 1)
    overdue = told(head.get("/api/orders", params={"overdue": True}))
    assert ([row["id"] for row in overdue["items"]], overdue["counts"]) == ([late["id"]], counts)
    climbed = told(head.get("/api/orders", params={"level": "town"}))
    assert [row["id"] for row in climbed["items"]] == [late["id"]]
    assert told(head.get("/api/orders", params={"q": "没有这个"}))["total"] == 0


def test_the_phone_has_its_orders_and_tells_once_that_it_saw_one(
    head: TestClient, w1: TestClient, person: Person
) -> None:
    site = put_site(person("town"))
    ground, about_site = sent(head, deadline=day(1)), sent(head, f"site:{site}")
    orders = told(w1.get("/api/field/orders"))
    assert [each["id"] for each in orders] == [ground["id"], about_site["id"]]
    assert orders[0]["outline"]["type"] in ("Polygon", "MultiPolygon")
    assert orders[0]["lon"] == pytest.approx(strip().centroid.x, abs=1e-3)
    assert (orders[1]["site_id"], orders[1]["address"]) == (site, "柳树村 1 号")
    assert not orders[0]["is_seen"]
    for _ in range(2):
        assert w1.post(f"/api/field/orders/{ground['id']}/seen").status_code == 204
    assert kinds(now_of(head, ground)) == ["created", "seen"]
    assert told(w1.get("/api/field/orders"))[0]["is_seen"]
    w2 = person("w2")
    refused(w2.post(f"/api/field/orders/{ground['id']}/seen"), 403, "不是派给您的")
    refused(w1.post(f"/api/field/orders/{uuid4()}/seen"), 404, "没有编号")
    assert told(w2.get("/api/field/orders")) == []


def test_an_order_given_to_another_may_still_be_told_seen(w1: TestClient, person: Person) -> None:
    county = person("county")
    known = sent(county)
    told(step(county, known, "reassign", officer_code="W2", words="王建国请假"))
    assert w1.post(f"/api/field/orders/{known['id']}/seen").status_code == 204
    assert told(w1.get("/api/field/orders")) == []
    assert kinds(now_of(county, known)) == ["created", "reassigned", "seen"]
    assert [each["id"] for each in told(person("w2").get("/api/field/orders"))] == [known["id"]]


def test_the_groups_robots_are_told_of_new_and_overdue_orders(
    head: TestClient, city: Engine, settings: Settings
) -> None:
    def said(unit: str) -> str:
        with transaction(city) as session:
            return str(digest(session, settings, "wecom", unit))

    assert "派单" not in said(seeding.TOWN_1)
    late, back = sent(head), sent(head, area=strip(row=2.6))
    sent(head, area=strip(row=2.8))
    told(step(head, back, "withdraw", words="重复"))
    with city.begin() as connection:
        connection.execute(
            text("UPDATE work_order SET deadline = :day WHERE id = :id"), {"day": day(-1), "id": late["id"]}
        )
    assert "派单：昨日以来新派 2 张，在办 2 张，**1** 张已超期" in said(seeding.TOWN_1)
    assert "派单" not in said(seeding.TOWN_2)
    assert "王建国" not in said(seeding.TOWN_1)


def test_outlines_that_would_take_minutes_are_refused(head: TestClient) -> None:
    lon, lat = START
    ring = [(lon + cos(2.39996 * n) * (1 + n % 2) * 0.01, lat + sin(2.39996 * n) * 0.01) for n in range(600)]
    star = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    refused(head.post("/api/orders", json=order() | {"area": star}), 422, "自身交叉过多")
    thread = {
        "type": "Polygon",
        "coordinates": [[(lon, lat), (lon + 3, lat + 3), (lon + 3.00001, lat + 3), (lon, lat)]],
    }
    refused(head.post("/api/orders", json=order() | {"area": thread}), 422, "相距过远")


def test_a_bow_tie_is_the_ground_that_it_encloses(head: TestClient) -> None:
    west, south, east, north = strip().bounds
    tie = [(west, south), (east, north), (east, south), (west, north), (west, south)]
    known = sent(head, area=shapely.Polygon(tie))
    assert known["area_m2"] == pytest.approx(LENGTH_M * 12 / 2, rel=0.02)


def test_nobody_below_the_sender_takes_an_order_back_or_gives_it_more_time(head: TestClient, person: Person) -> None:
    known, village = sent(head), person("village")
    assert (known["may_ease"], now_of(village, known)["may_ease"]) == (True, False)
    refused(step(village, known, "withdraw", words="不归我管"), 403, "须由")
    refused(step(village, known, "deadline", deadline=day(30), words="太忙"), 403, "须由")
    noted = told(step(village, known, "note", words="下雨，走不了"))
    moved = told(step(person("county"), noted, "deadline", deadline=day(5), words="雨天"))
    own = sent(village, area=strip(row=2.6))
    assert told(step(village, own, "withdraw", words="重复"))["state"] == "withdrawn"
    assert told(step(head, moved, "withdraw", words="已拆除"))["state"] == "withdrawn"
