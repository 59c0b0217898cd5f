"""An order is done when the evidence says so, and not before; when the evidence goes, it is open again."""

import shapely
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.dispatch import service as dispatch
from app.settings import Settings
from tests.app.dispatch.asks import day, flight, kinds, now_of, order, sent, step, strip, told, voided, walked
from tests.app.dispatch.conftest import Person
from tests.app.leads.asks import entered, taken
from tests.app.patrols.bodies import body
from tests.support import seeding
from tests.support.phone import at, mark, refused, send_photo
from tests.support.visiting import YARD, not_entered, put_site, put_tenancy, visit


def test_ground_is_done_when_nearly_all_of_it_was_walked_and_open_again_when_the_walk_is_void(
    head: TestClient, w1: TestClient, person: Person
) -> None:
    known = sent(head)
    assert known["progress"] == {"tracked_percent": 0.0, "declared_percent": 0.0, "needed_percent": 95}
    walked(w1, 0.5)
    half = now_of(head, known)
    assert half["state"] == "open"
    assert 40 < half["progress"]["tracked_percent"] < 80
    patrol = walked(w1)
    done = now_of(head, known)
    assert (done["state"], done["done_on"]) == ("done", day())
    assert patrol in done["done_by"]["evidence"]
    assert done["done_by"]["percent"] >= 95
    voided(person("town"), "patrols", patrol)
    again = now_of(head, known)
    assert (again["state"], again["done_on"], again["done_by"]) == ("open", None, None)
    assert kinds(again) == ["created", "done", "reopened"]


def test_ground_that_was_only_declared_by_hand_is_not_done(head: TestClient, w1: TestClient) -> None:
    known = sent(head)
    told(w1.post("/api/marks", json=mark([send_photo(w1)], shape=strip().buffer(0.0001))))
    seen = now_of(head, known)
    assert seen["state"] == "open"
    assert seen["progress"]["tracked_percent"] == 0
    assert seen["progress"]["declared_percent"] >= 95


def test_what_another_record_shows_as_well_stays_done(head: TestClient, w1: TestClient, person: Person) -> None:
    known = sent(head)
    first, second = walked(w1), walked(w1)
    done = now_of(head, known)
    named = done["done_by"]["evidence"][0]
    assert named in (first, second)
    voided(person("town"), "patrols", named)
    still = now_of(head, known)
    assert still["state"] == "done"
    assert named not in still["done_by"]["evidence"]
    assert kinds(still) == ["created", "done", "done"]


def test_a_grid_is_done_when_what_was_not_covered_of_it_has_been_walked(
    head: TestClient, w1: TestClient, city: Engine
) -> None:
    known = sent(head, f"grid:{seeding.VILLAGE_11}001")
    with city.begin() as connection:  # so that a long flight is after it, also when tests run early in the day
        connection.execute(text("UPDATE work_order SET created_at = created_at - interval '1 day'"))
    walked(w1)
    begun = now_of(head, known)
    assert begun["state"] == "open"
    assert 0 < begun["progress"]["tracked_percent"] < 5
    told(w1.post("/api/patrols", json=body(flight(0, 2), officer_code="W1", mode="drone")))
    assert now_of(head, known)["state"] == "done"
    facts = refused(head.post("/api/orders", json=order(f"grid:{seeding.VILLAGE_11}001")), 409, "已全部查看")
    assert facts == {"reason": "nothing_left"}, "what was seen before, on the very day too, is not asked again"


def test_a_site_is_done_by_a_visit_that_went_in(head: TestClient, w1: TestClient, person: Person) -> None:
    office = person("town")
    site = put_site(office)
    before = visit(site)
    told(w1.post("/api/visits", json=before))
    known = sent(head, f"site:{site}")
    assert known["officer"] == {"code": "W1", "name": "王建国"}
    assert known["state"] == "open", "what was before the order does not do it"
    told(w1.post("/api/visits", json=not_entered(site)))
    assert now_of(head, known)["state"] == "open", "a shut gate is no visit"
    far = visit(site, position=at(shapely.box(*seeding.cell(0.9, 2.9, 0.01, 0.01).bounds)))
    told(w1.post("/api/visits", json=far))
    assert now_of(head, known)["state"] == "open", "from afar nobody sees what is inside"
    good = visit(site)
    told(w1.post("/api/visits", json=good))
    done = now_of(head, known)
    assert (done["state"], done["done_by"]["evidence"]) == ("done", [good["id"]])
    voided(office, "visits", good["id"])
    assert now_of(head, known)["state"] == "open"


def test_a_tenancy_is_done_by_a_visit_that_saw_it(head: TestClient, w1: TestClient, person: Person) -> None:
    office = person("town")
    site = put_site(office)
    tenancy = put_tenancy(office, site, "甲电镀")
    known = sent(head, f"tenancy:{tenancy}")
    assert known["name"] == "红星机械厂：甲电镀"
    told(w1.post("/api/visits", json=visit(site, {tenancy: False})))
    assert now_of(head, known)["state"] == "open"
    told(w1.post("/api/visits", json=visit(site, {tenancy: True})))
    assert now_of(head, known)["state"] == "done"


def test_a_lead_is_done_when_it_is_checked_and_open_again_when_it_is_reopened(head: TestClient, person: Person) -> None:
    town = person("town")
    lead = entered(town, place={"lon": YARD.centroid.x, "lat": YARD.centroid.y, "datum": "WGS-84"})
    known = sent(head, f"lead:{lead['id']}")
    lead = taken(town, lead, "assign", officer_code="W1", words="请核查")
    assert now_of(head, known)["state"] == "open"
    lead = taken(town, lead, "check", looked_on=day(), looked_by="王建国", words="无人")
    done = now_of(head, known)
    assert (done["state"], done["done_on"]) == ("done", day())
    lead = taken(town, lead, "judge", verdict="false", words="不属实")
    taken(town, lead, "reopen", words="又有人反映")
    assert now_of(head, known)["state"] == "open"


def test_nobody_can_say_that_an_order_is_done(head: TestClient) -> None:
    known = sent(head)
    assert step(head, known, "done", words="已到现场").status_code == 422
    assert now_of(head, known)["state"] == "open"


def test_there_is_no_order_where_nothing_is_left_to_do(head: TestClient, person: Person) -> None:
    town = person("town")
    lead = entered(town)
    lead = taken(town, lead, "assign", officer_code="W1", words="请核查")
    taken(town, lead, "check", looked_on=day(), looked_by="王建国", words="无人")
    facts = refused(head.post("/api/orders", json=order(f"lead:{lead['id']}", officer_code="W1")), 409, "已登记核查")
    assert facts == {"reason": "nothing_left"}


def test_the_job_finishes_and_reopens_without_anybody_looking(
    head: TestClient, w1: TestClient, person: Person, city: Engine, settings: Settings
) -> None:
    known = sent(head)
    patrol = walked(w1)
    assert dispatch.settle_all(city, settings) == 1
    assert dispatch.settle_all(city, settings) == 0, "what is done is not done again"
    with city.connect() as connection:
        state = text("SELECT state FROM work_order WHERE id = :id")
        assert connection.execute(state, {"id": known["id"]}).scalar_one() == "done"
    voided(person("town"), "patrols", patrol)
    assert dispatch.settle_all(city, settings) == 1
    assert kinds(now_of(head, known)) == ["created", "done", "reopened"]
