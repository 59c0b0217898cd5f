"""A case from a site, a tenancy, a visit or a lead: what is known is filled in, and what contradicts is refused."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import shapely
from fastapi.testclient import TestClient

from tests.app.cases.desk import Desks, refused
from tests.app.review.world import World
from tests.support.seeding import VILLAGE_11
from tests.support.visiting import OTHER_YARD, YARD, put_site, put_tenancy, visit


@pytest.fixture
def office(desks: Desks) -> TestClient:
    """The village's desk."""
    return desks.person("village11")


def draft(desks: Desks, query: str, by: str = "village11") -> dict[str, object]:
    """What is known beforehand."""
    return desks.taken(desks.person(by).get(f"/api/cases/draft?{query}"))


def test_from_a_tenancy_the_tenant_is_at_fault_at_the_site(desks: Desks, office: TestClient) -> None:
    site = put_site(office)
    tenancy = put_tenancy(office, site, "承租电镀部")
    known = draft(desks, f"tenancy={tenancy}")
    assert (known["party_name"], known["address"], known["site_id"]) == ("承租电镀部", "柳树村 1 号", site)
    assert known["unit"] == {"code": VILLAGE_11, "name": "柳树村"}
    made = desks.opened(party_name=None, address=None, place=None, tenancy_id=tenancy)
    assert (made["party_name"], made["address"]) == ("承租电镀部", "柳树村 1 号")
    assert shapely.Point(made["lon"], made["lat"]).buffer(0.01).intersects(shapely.Point(119.81, 31.77))
    assert [source["kind"] for source in made["sources"]] == ["site", "tenancy"]


def test_from_a_visit_come_its_site_and_its_photos(desks: Desks, office: TestClient, world: World) -> None:
    site = put_site(office, occupancy="own_use")
    photo = str(world.photo("W1", datetime.now(UTC), (YARD.centroid.x, YARD.centroid.y)))
    sent = visit(site, note="后院有储罐", photo_ids=[photo])
    desks.taken(desks.person("wang").post("/api/visits", json=sent))
    known = draft(desks, f"visit={sent['id']}")
    assert (known["party_name"], known["description"]) == ("红星机械厂", "后院有储罐")
    made = desks.opened(party_name=None, address=None, place=None, visit_id=sent["id"])
    assert [source["kind"] for source in made["sources"]] == ["site", "visit"]
    assert [each["id"] for each in made["visit_photos"]] == [photo]
    assert desks.person("village11").get(made["visit_photos"][0]["url"]).status_code == 200


def test_a_tenancy_of_another_site_is_refused(desks: Desks, office: TestClient) -> None:
    site, other = put_site(office), put_site(office, name="别处厂")
    tenancy = put_tenancy(office, other, "别家")
    assert "不属于所选场所" in refused(desks.open(site_id=site, tenancy_id=tenancy), 422)


def test_what_is_not_there_or_lies_beyond_the_scope_is_refused(desks: Desks) -> None:
    far = put_site(desks.person("county"), OTHER_YARD, stated_unit_code="320491002001")
    assert "管辖范围" in refused(desks.person("village11").get(f"/api/cases/draft?site={far}"), 403)
    for kind in ("site", "tenancy", "lead", "visit"):
        assert desks.person("village11").get(f"/api/cases/draft?{kind}={uuid4()}").status_code == 404


def test_a_look_back_may_name_a_visit_of_the_site_and_no_other(desks: Desks, office: TestClient) -> None:
    site = put_site(office, occupancy="own_use")
    other = put_site(office, name="别处厂", occupancy="own_use")
    case = desks.closed(days_ago=40, site_id=site)
    mine, theirs = visit(site), visit(other)
    for sent in (mine, theirs):
        desks.taken(desks.person("wang").post("/api/visits", json=sent))
    day = desks.ago(0)
    wrong = desks.look_back(case["id"], 0, visit_id=theirs["id"], done_on=day)
    assert "不是本案场所的有效记录" in refused(wrong, 422)
    told = desks.taken(desks.look_back(case["id"], 0, visit_id=mine["id"], done_on=day))
    assert told["look_backs"][0]["visit_id"] == mine["id"]
