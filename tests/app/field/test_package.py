"""What a phone takes into the field: the very cells and figures that the server counts by."""

import base64
import zlib
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from app.field.package import NO_GRIDS
from app.rights import Role
from app.settings import Settings
from geo.daytiles import day_number
from geo.shares import Histogram, Share, Shares, histogram, merge, shares
from tests.support import seeding
from tests.support.people import add_person
from tests.support.phone import GRID, mark, refused, send_photo, signed_in

YARD = seeding.cell(0.3, 2.3, 0.1, 0.1)


def unpacked(packed: str | None, dtype: str) -> np.ndarray[Any, Any] | None:
    if packed is None:
        return None
    return np.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype=dtype).reshape(256, 256)


def from_cells(grid: dict[str, Any], on: int) -> Shares:
    """A grid's shares by what the phone holds alone."""

    def part(tile: dict[str, Any]) -> Histogram:
        days = (unpacked(tile[kind], "<u2") for kind in ("tracked", "declared"))
        mask = unpacked(tile["mask"], "u1")
        assert mask is not None
        return histogram(mask, *days, tile["y"])

    return shares(merge(map(part, grid["tiles"])), grid["cycle_days"], on, owned_only=False)


def test_the_cells_give_the_figures_of_the_server(w1: TestClient, client: TestClient) -> None:
    assert w1.post("/api/marks", json=mark([send_photo(w1)], YARD)).status_code == 200
    package = w1.get("/api/field/package").json()
    assert [grid["code"] for grid in package["grids"]] == [f"{seeding.VILLAGE_11}00{n}" for n in (1, 2, 3, 4)]
    for grid in package["grids"]:
        counted = client.get(f"/api/grids/{grid['code']}/coverage").json()["grid"]
        assert grid["shares"] == counted["shares"]
        assert (grid["covered_percent"], grid["cycle_days"]) == (counted["covered_percent"], counted["cycle_days"])
        found = from_cells(grid, day_number(Settings().today()))
        for share in Share:
            assert found.area_m2(share) == counted["shares"][share.value]["area_m2"]
    assert package["grids"][0]["shares"]["declared"]["area_m2"] > 0
    assert package["grids"][0]["unit_name"] == "柳树村"
    assert package["grids"][0]["geometry"]["type"] == "MultiPolygon"


def test_cells_of_others_are_not_carried(w1: TestClient, application: FastAPI) -> None:
    border = seeding.cell(0.97, 1.97, 0.06, 0.06)  # where W1's grids meet those of W2
    with signed_in(application, "w2") as w2:
        assert w2.post("/api/marks", json=mark([send_photo(w2, "W2")], border, officer_code="W2")).status_code == 200
    for grid in w1.get("/api/field/package").json()["grids"]:
        for tile in grid["tiles"]:
            mask, days = unpacked(tile["mask"], "u1"), unpacked(tile["declared"], "<u2")
            assert mask is not None
            assert days is None or not days[mask == 0].any()


def test_blind_spots_and_exclusions_of_my_grids_come_along(w1: TestClient, application: FastAPI) -> None:
    body = mark([send_photo(w1)], YARD, kind="inaccessible", reason="locked")
    assert w1.post("/api/marks", json=body).status_code == 200
    package = w1.get("/api/field/package").json()
    spots = package["blind_spots"]["features"]
    assert {spot["properties"]["grid_code"] for spot in spots} == {grid["code"] for grid in package["grids"]}
    assert {"walk_to", "walk_to_gcj02", "area_m2", "score"} <= spots[0]["properties"].keys()
    mine = [exclusion["properties"] for exclusion in package["exclusions"]["features"]]
    assert [(each["state"], each["effect"], each["reason"]) for each in mine] == [
        ("requested", "inaccessible", "大门上锁")
    ]
    with signed_in(application, "w2") as w2:
        others = w2.get("/api/field/package").json()["exclusions"]["features"]
    assert [exclusion["properties"]["code"] for exclusion in others] == ["X1"]


def test_rules_and_choices_come_along(w1: TestClient) -> None:
    package = w1.get("/api/field/package").json()
    assert package["rules"]["foot"] == {
        "half_width_m": 30.0,
        "max_accuracy_m": 35.0,
        "max_gap_s": 60.0,
        "max_step_m": 150.0,
        "max_speed_m_s": 3.0,
    }
    assert package["officer"] == {"code": "W1", "name": "王建国"}
    assert package["utc_offset_s"] == 28_800
    assert {"code": "walled_compound", "name": "围墙内，已进入查看"} in package["mark_reasons"]
    assert {"code": "locked", "name": "大门上锁"} in package["inaccessible_reasons"]
    assert {"code": "smell", "name": "异味"} in package["lead_kinds"]
    assert package["message"] is None


def test_two_officers_of_one_grid_both_carry_it(w1: TestClient, application: FastAPI, city: Engine) -> None:
    with transaction(city) as session:
        charge = {"grid": GRID, "day": seeding.VALID_FROM}
        session.execute(text("INSERT INTO grid_officer VALUES (:grid, 'W2', :day)"), charge)
    assert GRID in [grid["code"] for grid in w1.get("/api/field/package").json()["grids"]]
    with signed_in(application, "w2") as w2:
        assert GRID in [grid["code"] for grid in w2.get("/api/field/package").json()["grids"]]


def test_an_officer_without_grids_is_told_whom_to_ask(application: FastAPI, city: Engine) -> None:
    with transaction(city) as session:
        session.execute(text("INSERT INTO officer VALUES ('W3', '新来的', NULL)"))
        add_person(session, "w3", Role.OFFICER, [], officer_code="W3")
        session.execute(
            text("INSERT INTO grid_officer VALUES (:grid, 'W3', :day)"),
            {"grid": GRID, "day": Settings().today() + timedelta(days=1)},
        )
    with signed_in(application, "w3") as w3:
        package = w3.get("/api/field/package").json()
    assert (package["grids"], package["message"]) == ([], NO_GRIDS)
    assert package["blind_spots"]["features"] == package["exclusions"]["features"] == []


@pytest.mark.parametrize("path", ["package", "inbox", "records"])
def test_who_is_no_officer_has_no_phone_page(path: str, application: FastAPI, city: Engine) -> None:
    assert city
    with signed_in(application, "village") as village:
        refused(village.get(f"/api/field/{path}"), 403, "没有对应的网格员编码")
