"""What is no visit: each refusal says what is wrong, and leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.app.visits.conftest import Works
from tests.support import seeding
from tests.support.phone import at, mark, refused, send_photo, signed_in
from tests.support.visiting import OTHER_YARD, YARD, checklist, days_ago, not_entered, put_site, put_tenancy, visit

Body = dict[str, Any]


def later(**amount: float) -> str:
    return (datetime.now(UTC) + timedelta(**amount)).isoformat()


def ask(works: Works, **changes: Any) -> Body:
    return visit(works.site, works.all_seen, **changes)


def shut(works: Works, **changes: Any) -> Body:
    return not_entered(works.site, **changes)


def seen(tenancy_id: str, is_seen: bool = True) -> Body:
    return {"tenancy_id": tenancy_id, "seen": is_seen}


REFUSED: dict[str, tuple[Callable[[Works], Body], int, str]] = {
    "an unknown site": (lambda _w: visit(str(uuid4())), 404, "没有编号为"),
    "an unknown officer": (lambda w: ask(w, officer_code="W9"), 404, "没有编码为 W9 的网格员"),
    "another officer": (lambda w: ask(w, officer_code="W2"), 403, "不能以网格员 W2 的名义上传"),
    "made tomorrow": (lambda w: ask(w, visited_at=later(hours=24)), 422, "在将来"),
    "made before 2000": (lambda w: ask(w, visited_at="1999-12-31T00:00:00+00:00"), 422, "早于 2000 年"),
    "a clock without a zone": (lambda w: ask(w, visited_at="2026-10-01T08:00:00"), 422, "visited_at"),
    "a position of tomorrow": (lambda w: ask(w, position=at(YARD, time=later(hours=24))), 422, "手机位置的时间在将来"),
    "lon and lat exchanged": (
        lambda w: ask(w, position={**at(YARD), "lon": 31.7, "lat": 119.8}), 422, "手机位置不像是",
    ),
    "no tenancy answered for": (lambda w: visit(w.site), 422, "还有 2 个在场租户"),
    "one tenancy not answered for": (lambda w: visit(w.site, {w.tenant: True}), 422, "还有 1 个在场租户"),
    "a tenancy twice": (
        lambda w: ask(w, tenancies=[seen(w.tenant), seen(w.tenant, False), seen(w.subtenant)]), 422, "填写了两次",
    ),
    "an unknown tenancy": (lambda w: visit(w.site, {**w.all_seen, str(uuid4()): True}), 422, "不是场所"),
    "no checklist": (lambda w: ask(w, checklist={}), 422, "还有 10 个检查项没有填写"),
    "an item left out": (
        lambda w: ask(w, checklist={k: v for k, v in checklist().items() if k != "fire"}), 422, "安全出口",
    ),
    "an unknown item": (lambda w: ask(w, checklist=checklist() | {"pool": {"answer": "yes"}}), 422, "pool 不属于"),
    "an item of another kind": (
        lambda w: ask(w, checklist=checklist() | {"sheds": {"answer": "yes"}}), 422, "检查项 sheds 不属于",
    ),
    "an answer nobody knows": (lambda w: ask(w, checklist=checklist(fire="maybe")), 422, "checklist"),
    "nothing found, and an item is wrong": (lambda w: ask(w, checklist=checklist(fire="no")), 422, "应选“发现问题”"),
    "a problem without a photo": (lambda w: ask(w, result="problem_found", note="有反应釜"), 422, "应附 1 至 6 张"),
    "a problem without a word": (lambda w: ask(w, result="problem_found", note="  "), 422, "请写明发现了什么"),
    "an unknown photo": (lambda w: ask(w, photo_ids=[str(uuid4())]), 422, "还没有上传"),
    "seven photos": (lambda w: ask(w, photo_ids=[str(uuid4()) for _ in range(7)]), 422, "收到 7 张"),
    "entered, and why not": (lambda w: ask(w, not_entered_why="locked"), 422, "只有“未能进入”"),
    "not entered, and no reason": (lambda w: shut(w, why=None), 422, "原因 None 不可选"),
    "not entered for an unknown reason": (lambda w: shut(w, why="lunch"), 422, "locked（大门上锁）"),
    "not entered for another reason, and no word": (lambda w: shut(w, why="other"), 422, "写明具体情况"),
    "not entered, and a tenant was seen": (
        lambda w: shut(w, tenancies=[seen(w.tenant)]), 422, "未能进入时不能填写见到的租户",
    ),
    "not entered, and a new tenant": (
        lambda w: shut(w, new_tenants=[{"id": str(uuid4()), "tenant_name": "丙"}]), 422, "未能进入时不能填写见到的租户",
    ),
    "not entered, and a checklist": (lambda w: shut(w, checklist=checklist()), 422, "未能进入时不能填写检查项"),
    "a new tenant without a name": (
        lambda w: ask(w, new_tenants=[{"id": str(uuid4()), "tenant_name": " "}]), 422, "tenant_name",
    ),
    "a new tenant with an old one's id": (
        lambda w: visit(w.site, {w.tenant: True}, new_tenants=[{"id": w.subtenant, "tenant_name": "丙"}]),
        409, "已用于租户“乙喷涂作坊”",
    ),
    "a result nobody knows": (lambda w: ask(w, result="fine"), 422, "result"),
    "a field nobody knows": (lambda w: ask(w, approved=True), 422, "approved"),
}  # fmt: skip


def left_behind(city: Engine) -> dict[str, int]:
    tables = ("visit", "visit_tenancy", "tenancy", "evidence", "evidence_photo", "finding", "site_event")
    with city.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}  # noqa: S608


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_visit_is_refused_and_leaves_nothing(case: str, w1: TestClient, works: Works, city: Engine) -> None:
    body, status, words = REFUSED[case]
    before = left_behind(city)
    refused(w1.post("/api/visits", json=body(works)), status, words)
    assert left_behind(city) == before


def test_those_not_answered_for_are_named_for_the_phone(w1: TestClient, works: Works) -> None:
    facts = refused(w1.post("/api/visits", json=visit(works.site, {works.tenant: True})), 422, "乙喷涂作坊")
    assert facts["missing"] == [{"id": works.subtenant, "tenant_name": "乙喷涂作坊"}]


def test_a_tenancy_of_another_site_is_none_of_this_one(w1: TestClient, works: Works, client: TestClient) -> None:
    other = put_tenancy(client, put_site(client, name="别处"), "丁")
    body = visit(works.site, {**works.all_seen, other: True})
    refused(w1.post("/api/visits", json=body), 422, "不是场所“红星机械厂”的租户")


def test_who_was_not_there_on_that_day_was_not_seen(w1: TestClient, works: Works, client: TestClient) -> None:
    gone = put_tenancy(client, works.site, "已迁出的")
    ended = client.post(f"/api/tenancies/{gone}/end", json={"ended_on": days_ago(3)[:10], "why": "搬走"})
    assert ended.status_code == 200, ended.text
    facts = refused(w1.post("/api/visits", json=visit(works.site, {**works.all_seen, gone: True})), 422, "已迁出")
    assert facts["tenancy_id"] == gone
    # Nor does anybody have to be answered for who came later.
    before = days_ago(30)
    late = put_tenancy(client, works.site, "后来的", started_on=days_ago(2)[:10])
    refused(
        w1.post("/api/visits", json=visit(works.site, {**works.all_seen, late: True}, visited_at=before)), 422, "不在场"
    )
    at_that_time = visit(works.site, {**works.all_seen, gone: True}, visited_at=before)
    assert w1.post("/api/visits", json=at_that_time).status_code == 200


def test_a_removed_site_is_visited_no_more(w1: TestClient, client: TestClient) -> None:
    site = put_site(client, name="空置厂房")
    assert client.post(f"/api/sites/{site}/removal", json={"why": "已拆除"}).status_code == 200
    refused(w1.post("/api/visits", json=visit(site)), 409, "移出（已拆除）")
    earlier = visit(site, visited_at=days_ago(2))
    assert w1.post("/api/visits", json=earlier).status_code == 200, "what was seen before it was removed was seen"


def test_a_site_in_another_village_is_out_of_reach(w1: TestClient, client: TestClient, application: FastAPI) -> None:
    site = put_site(client, OTHER_YARD, stated_unit_code=seeding.VILLAGE_21)
    refused(w1.post("/api/visits", json=visit(site)), 403, "不在您的管辖范围内")
    with signed_in(application, "w2") as w2:
        assert w2.post("/api/visits", json=visit(site, officer_code="W2")).status_code == 200


def test_staff_send_for_officers_of_theirs_and_for_no_other(works: Works, application: FastAPI) -> None:
    with signed_in(application, "village") as village:
        assert village.post("/api/visits", json=visit(works.site, works.all_seen)).status_code == 200
    with signed_in(application, "elsewhere") as elsewhere:
        answer = elsewhere.post("/api/visits", json=visit(works.site, works.all_seen))
        refused(answer, 403, "不能以网格员 W1 的名义上传")


def test_the_photo_of_another_is_no_evidence(w1: TestClient, works: Works, application: FastAPI) -> None:
    with signed_in(application, "w2") as w2:
        photo = send_photo(w2, "W2")
    refused(
        w1.post("/api/visits", json=visit(works.site, works.all_seen, photo_ids=[photo])), 422, "不是网格员 W1 上传的"
    )


def test_the_same_photo_twice_is_one(w1: TestClient, works: Works) -> None:
    body = visit(works.site, works.all_seen, photo_ids=[send_photo(w1)] * 2)
    refused(w1.post("/api/visits", json=body), 422, "附了两次")


def test_an_id_that_has_other_content_is_taken(w1: TestClient, works: Works, city: Engine) -> None:
    body = visit(works.site, works.all_seen)
    assert w1.post("/api/visits", json=body).status_code == 200
    before = left_behind(city)
    refused(w1.post("/api/visits", json={**body, "note": "改过"}), 409, "已用于另一份内容")
    refused(w1.post("/api/marks", json=mark([send_photo(w1)], YARD, id=body["id"])), 409, "已用于另一条记录")
    assert left_behind(city) == before


def test_who_is_not_signed_in_visits_nothing(stranger: TestClient, works: Works, city: Engine) -> None:
    before = left_behind(city)
    assert stranger.post("/api/visits", json=visit(works.site, works.all_seen)).status_code == 401
    assert left_behind(city) == before
