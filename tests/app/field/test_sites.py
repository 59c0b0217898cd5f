"""What a phone carries: sites in its grids, the most urgent first and within bounds, and leads to look into."""

import json
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.field import sites
from app.settings import Settings
from app.visits.checklists import ANSWERS
from tests.support import seeding
from tests.support.phone import signed_in
from tests.support.visiting import OTHER_YARD, YARD, checklist, days_ago, not_entered, put_site, put_tenancy, visit


def carried(phone: TestClient) -> list[dict]:  # type: ignore[type-arg]
    answer = phone.get("/api/field/package")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["sites"])


def test_a_site_comes_with_the_tree_of_who_is_in_it_today(w1: TestClient, client: TestClient) -> None:
    site = put_site(client)
    gone = put_tenancy(client, site, "已迁出的")
    ended = client.post(f"/api/tenancies/{gone}/end", json={"ended_on": days_ago(3)[:10], "why": "搬走"})
    assert ended.status_code == 200, ended.text
    first, second = put_tenancy(client, site, "甲"), put_tenancy(client, site, "乙")
    below = put_tenancy(client, site, "甲之下", parent_id=first, floor_unit="二楼")
    [found] = carried(w1)
    assert (found["id"], found["name"], found["kind"], found["risk"]) == (site, "红星机械厂", "factory", "high")
    assert (found["state"], found["due_on"]) == ("never", None)
    assert shapely.geometry.shape(found["outline"]).equals_exact(YARD, 1e-5, normalize=True)
    assert found["lon"] == pytest.approx(YARD.centroid.x, abs=1e-3)
    assert [(each["id"], each["parent_id"], each["depth"], each["floor_unit"]) for each in found["tenancies"]] == [
        (first, None, 0, None),
        (below, first, 1, "二楼"),
        (second, None, 0, None),
    ]


def test_only_sites_of_ones_own_grids_are_carried(w1: TestClient, client: TestClient, application: FastAPI) -> None:
    mine = put_site(client)
    theirs = put_site(client, OTHER_YARD, stated_unit_code=seeding.VILLAGE_21)
    put_site(client, None, name="不知在哪")
    removed = put_site(client, name="拆了")
    assert client.post(f"/api/sites/{removed}/removal", json={"why": "拆除"}).status_code == 200
    assert [site["id"] for site in carried(w1)] == [mine]
    with signed_in(application, "w2") as w2:
        assert [site["id"] for site in carried(w2)] == [theirs]


def test_the_most_urgent_comes_first_and_a_shut_gate_changes_nothing(w1: TestClient, client: TestClient) -> None:
    names = ["已检查", "从未检查", "超期", "即将到期"]
    found = {name: put_site(client, name=name) for name in names}
    for name, days in (("已检查", 0), ("超期", 20), ("即将到期", 5)):
        body = visit(found[name], visited_at=days_ago(days))
        assert w1.post("/api/visits", json=body).status_code == 200
    assert w1.post("/api/visits", json=not_entered(found["从未检查"])).status_code == 200
    assert [site["name"] for site in carried(w1)] == ["从未检查", "超期", "即将到期", "已检查"]
    due = {site["name"]: site["due_on"] for site in carried(w1)}
    today = Settings().today()
    assert due["已检查"] == str(today + timedelta(7)), "a site of high risk is checked for seven days"
    assert due["超期"] < str(today)


def test_beyond_the_bound_the_least_urgent_are_left_out_and_counted(
    w1: TestClient, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = put_site(client, name="已检查")
    assert w1.post("/api/visits", json=visit(checked)).status_code == 200
    others = {put_site(client, name=f"厂{n}") for n in range(3)}
    monkeypatch.setattr(sites, "MOST_SITES", 3)
    package = w1.get("/api/field/package").json()
    assert ({site["id"] for site in package["sites"]}, package["sites_total"]) == (others, 4)


def test_checklists_and_reasons_come_along(w1: TestClient) -> None:
    package = w1.get("/api/field/package").json()
    assert list(package["checklists"]) == ["factory", "warehouse", "workshop", "farm", "house", "remote", "park"]
    for items in package["checklists"].values():
        assert 6 <= len(items) <= 10
        assert all(item["text"] for item in items)
    assert [item["code"] for item in package["checklists"]["factory"]] == list(checklist())
    assert ANSWERS["no"] == "不符合"
    assert {each["code"]: each["name"] for each in package["not_entered_reasons"]} == {
        "locked": "大门上锁",
        "refused": "拒绝进入",
        "nobody": "无人在场",
        "danger": "有危险",
        "demolished": "已拆除",
        "other": "其他",
    }


def test_an_outline_becomes_light_and_stays_where_it_is() -> None:
    lon, lat = YARD.centroid.coords[0]
    angles = np.linspace(0, 2 * np.pi, 2001)[:-1]
    radius = 0.002 + 0.0001 * np.cos(37 * angles)
    wall = shapely.Polygon(np.column_stack([lon + radius * np.cos(angles), lat + radius * np.sin(angles)]))
    found = sites.light(shapely.MultiPolygon([wall]))
    assert found is not None
    shape = shapely.geometry.shape(found)
    assert shapely.get_num_coordinates(shape) <= sites.MOST_VERTICES
    assert shape.is_valid
    assert shape.symmetric_difference(wall).area < 0.1 * wall.area
    assert len(json.dumps(found)) < 3000
    assert sites.light(shapely.Point(lon, lat)) is None


def test_leads_to_look_into_are_told_to_whom_they_were_given(
    w1: TestClient, client: TestClient, application: FastAPI, city: Engine
) -> None:
    late, soon, other = (str(uuid4()) for _ in range(3))
    with city.begin() as connection:
        for lead, officer, days in ((late, "W1", -2), (soon, "W1", 3), (other, "W2", 3)):
            connection.execute(
                text(
                    """INSERT INTO lead (id, source, what, address, unit_path, made_at, state, content_digest, answer,
                        assigned_to, deadline)
                    VALUES (:id, 'hotline', 'smell', '柳树村河边', CAST(:path AS ltree), now(), 'assigned', '', '{}',
                        :officer, CAST(:today AS date) + :days)"""
                ),
                {
                    "id": lead, "officer": officer, "days": days, "today": Settings().today(),
                    "path": f"{seeding.CITY}.{seeding.COUNTY_A}.{seeding.TOWN_1}.{seeding.VILLAGE_11}",
                },
            )  # fmt: skip
    told = w1.get("/api/field/leads")
    assert told.status_code == 200, told.text
    assert [(each["id"], each["is_overdue"]) for each in told.json()] == [(late, True), (soon, False)]
    assert told.json()[0]["source_text"] == "12350 热线"
    assert told.json()[0]["address"] == "柳树村河边"
    with signed_in(application, "w2") as w2:
        assert [each["id"] for each in w2.get("/api/field/leads").json()] == [other]
    with signed_in(application, "village") as village:
        assert village.get("/api/field/leads").status_code == 403, "an account that is no officer's"
