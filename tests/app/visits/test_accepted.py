"""A visit that entered looks into its site and those it saw; a shut gate does not."""

from threading import Barrier, Thread
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from app.rights import Role
from tests.app.visits.conftest import Works
from tests.support import seeding
from tests.support.people import add_person
from tests.support.phone import refused, review_of, send_photo, signed_in
from tests.support.visiting import checklist, days_ago, not_entered, put_site, visit


def state_of(office: TestClient, site: str) -> str:
    return str(office.get(f"/api/sites/{site}").json()["state"])


def test_visited_and_nothing_found_is_a_result(w1: TestClient, works: Works, client: TestClient) -> None:
    assert state_of(client, works.site) == "never"
    answer = w1.post("/api/visits", json=visit(works.site, works.all_seen))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["result"], told["counts"], told["distance_m"]) == ("nothing_found", True, 0.0)
    assert (told["tenancies_seen"], told["tenancies_unseen"], told["new_tenancies"]) == (2, 0, [])
    assert "全部 2 个在场租户" in told["notes"][0]
    assert state_of(client, works.site) == "checked"


def test_a_site_is_checked_only_when_every_tenancy_is(w1: TestClient, works: Works, client: TestClient) -> None:
    first = visit(works.site, {works.tenant: True, works.subtenant: False})
    told = w1.post("/api/visits", json=first).json()
    assert told["tenancies_unseen"] == 1
    assert "1 个未见到" in told["notes"][0]
    assert state_of(client, works.site) == "incomplete"
    second = visit(works.site, {works.tenant: False, works.subtenant: True})
    assert w1.post("/api/visits", json=second).status_code == 200
    assert state_of(client, works.site) == "checked", "one was seen by the first visit, the other by the second"


def test_a_locked_gate_is_kept_and_is_no_visit(w1: TestClient, works: Works, client: TestClient) -> None:
    body = not_entered(works.site, photo_ids=[send_photo(w1)])
    told = w1.post("/api/visits", json=body).json()
    assert (told["counts"], told["tenancies_seen"]) == (False, 0)
    assert "未能进入不算检查" in told["notes"][0]
    assert state_of(client, works.site) == "never"
    detail = client.get(f"/api/visits/{body['id']}").json()
    assert (detail["result_text"], detail["not_entered_text"]) == ("未能进入", "大门上锁")
    assert len(detail["photo_ids"]) == 1


def test_a_problem_is_told_in_full_and_needs_no_review_for_itself(
    w1: TestClient, works: Works, client: TestClient, city: Engine
) -> None:
    body = visit(
        works.site,
        {works.tenant: True, works.subtenant: False},
        result="problem_found",
        checklist=checklist(chemicals="no", dust="not_applicable"),
        note="二楼有 20 桶无标签溶剂",
        photo_ids=[send_photo(w1)],
    )
    assert w1.post("/api/visits", json=body).status_code == 200
    detail = client.get(f"/api/visits/{body['id']}").json()
    answers = {item["code"]: (item["text"], item["answer_text"]) for item in detail["checklist"]}
    assert answers["chemicals"] == ("无来历不明、无标签的化学品、原料桶和储罐", "不符合")
    assert answers["dust"][1] == "不适用"
    assert list(answers) == list(checklist())
    seen = {each["tenant_name"]: each["seen"] for each in detail["tenancies"]}
    assert seen == {"甲五金厂": True, "乙喷涂作坊": False}
    assert detail["note"] == "二楼有 20 桶无标签溶剂"
    assert detail["officer_name"] == "王建国"
    with transaction(city) as session:
        assert review_of(session, body["id"]) == "none"


def test_new_tenants_become_tenancies_that_this_visit_saw(w1: TestClient, works: Works, client: TestClient) -> None:
    new = {"id": str(uuid4()), "tenant_name": "丙电镀", "floor_unit": "三号车间"}
    body = visit(works.site, works.all_seen, new_tenants=[new])
    told = w1.post("/api/visits", json=body).json()
    assert told["new_tenancies"] == [{"id": new["id"], "tenant_name": "丙电镀"}]
    assert told["tenancies_seen"] == 3
    assert any("新发现租户 1 个" in note for note in told["notes"])
    site = client.get(f"/api/sites/{works.site}").json()
    found = next(each for each in site["tenancies"] if each["id"] == new["id"])
    assert (found["tenant_name"], found["floor_unit"], found["state"]) == ("丙电镀", "三号车间", "reported")
    assert found["last_seen_on"] is not None
    assert site["state"] == "checked"
    assert "reported_only" in [each["kind"] for each in site["omissions"]]
    assert [event["kind"] for event in site["events"]].count("tenancy_added") == 3
    detail = client.get(f"/api/visits/{body['id']}").json()
    assert [each["tenant_name"] for each in detail["tenancies"] if each["is_new"]] == ["丙电镀"]
    # From then on it must be answered for.
    refused(w1.post("/api/visits", json=visit(works.site, works.all_seen)), 422, "丙电镀")


def test_sent_again_it_is_there_once_and_answered_the_same(
    w1: TestClient, works: Works, client: TestClient, city: Engine
) -> None:
    new = {"id": str(uuid4()), "tenant_name": "丙电镀"}
    body = visit(works.site, works.all_seen, new_tenants=[new], photo_ids=[send_photo(w1)])
    first, second = (w1.post("/api/visits", json=body) for _ in range(2))
    assert second.json() == first.json()
    assert "Idempotent-Replay" not in first.headers
    assert second.headers["Idempotent-Replay"] == "true"
    ended = client.post(f"/api/tenancies/{works.subtenant}/end", json={"ended_on": days_ago(1)[:10], "why": "搬走"})
    assert ended.status_code == 200, ended.text
    assert w1.post("/api/visits", json=body).json() == first.json(), "whatever became of its tenancies"
    with city.connect() as connection:
        counted = connection.execute(
            text("SELECT (SELECT count(*) FROM visit), (SELECT count(*) FROM tenancy), (SELECT count(*) FROM evidence)")
        ).one()
    assert tuple(counted) == (1, 3, 1)


def test_sent_twice_at_once_it_is_there_once(w1: TestClient, works: Works, client: TestClient, city: Engine) -> None:
    new = {"id": str(uuid4()), "tenant_name": "丙电镀"}
    body = visit(works.site, works.all_seen, new_tenants=[new])
    start, answers = Barrier(3), []

    def send(phone: TestClient) -> None:
        start.wait()
        answers.append(phone.post("/api/visits", json=body))

    threads = [Thread(target=send, args=(each,)) for each in (w1, client, client)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 3, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    with city.connect() as connection:
        counted = connection.execute(text("SELECT (SELECT count(*) FROM visit), (SELECT count(*) FROM tenancy)")).one()
    assert tuple(counted) == (1, 3)


def test_voiding_takes_the_check_back_and_says_so(
    w1: TestClient, works: Works, client: TestClient, application: FastAPI
) -> None:
    earlier = visit(works.site, works.all_seen, visited_at=days_ago(20))
    body = visit(works.site, works.all_seen)
    for each in (earlier, body):
        assert w1.post("/api/visits", json=each).status_code == 200
    assert state_of(client, works.site) == "checked"
    with signed_in(application, "village") as village:
        voided = village.post(f"/api/visits/{body['id']}/void", json={"reason": "照片不是这里"})
        assert voided.status_code == 200, voided.text
        again = village.post(f"/api/visits/{body['id']}/void", json={"reason": "照片不是这里"})
        assert again.status_code == 200
        refused(village.post(f"/api/visits/{body['id']}/void", json={"reason": "别的"}), 409, "照片不是这里")
        steps = village.get(f"/api/review/{body['id']}").json()["steps"]
    assert [(step["step"], step["words"]) for step in steps] == [("void", "照片不是这里")]
    assert voided.json()["state"] == "voided"
    assert state_of(client, works.site) == "overdue", "the visit of twenty days ago is what is left"
    replay = w1.post("/api/visits", json=body).json()
    assert replay["state"] == "voided"
    assert "照片不是这里" in replay["notes"][-1]


def test_only_reviewers_in_the_place_void_and_never_their_own(
    w1: TestClient, works: Works, application: FastAPI
) -> None:
    body = visit(works.site, works.all_seen)
    assert w1.post("/api/visits", json=body).status_code == 200
    void = f"/api/visits/{body['id']}/void"
    refused(w1.post(void, json={"reason": "不要了"}), 403, "没有此项权限")
    with signed_in(application, "elsewhere") as elsewhere:
        refused(elsewhere.post(void, json={"reason": "不要了"}), 403, "不在您的管辖范围内")
        refused(elsewhere.get(f"/api/visits/{body['id']}"), 403, "不在您的管辖范围内")
    with signed_in(application, "village") as village:
        own = visit(works.site, works.all_seen)
        assert village.post("/api/visits", json=own).status_code == 200
        refused(village.post(f"/api/visits/{own['id']}/void", json={"reason": "改主意"}), 403, "须由他人审核")
        refused(village.post(f"/api/visits/{uuid4()}/void", json={"reason": "没有"}), 404, "没有编号为")


def test_a_site_that_is_nowhere_can_be_visited(w1: TestClient, client: TestClient) -> None:
    site = put_site(client, None)
    body = visit(site)
    told = w1.post("/api/visits", json=body).json()
    assert told["distance_m"] is None
    assert any("尚无坐标" in note for note in told["notes"])
    assert client.get(f"/api/visits/{body['id']}").json()["findings"] == []


def test_it_is_among_what_is_kept_about_its_officer(w1: TestClient, works: Works, application: FastAPI) -> None:
    body = visit(works.site, works.all_seen, note="看过")
    assert w1.post("/api/visits", json=body).status_code == 200
    [kept] = w1.get("/api/me/data").json()["visits"]
    assert (kept["id"], kept["site"], kept["result"], kept["note"]) == (
        body["id"],
        "红星机械厂",
        "nothing_found",
        "看过",
    )
    assert kept["distance_m"] == 0
    assert abs(kept["lon"] - body["position"]["lon"]) < 1e-9
    with signed_in(application, "w2") as w2:
        assert w2.get("/api/me/data").json()["visits"] == []


def test_those_of_the_site_s_village_see_it_whoever_went_there(
    application: FastAPI, client: TestClient, city: Engine
) -> None:
    with transaction(city) as session:
        add_person(session, "village12", Role.VILLAGE, [(seeding.VILLAGE_12, None)])
    body = not_entered(put_site(client, None, stated_unit_code=seeding.VILLAGE_12))
    with signed_in(application, "town") as town:
        assert town.post("/api/visits", json=body).status_code == 200
    for name in ("village12", "village"):
        with signed_in(application, name) as staff:
            assert staff.get(f"/api/visits/{body['id']}").status_code == 200, name
