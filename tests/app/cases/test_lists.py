"""Lists, counts, tiles and what was left undone; what forms get."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.cases import service
from app.db import transaction
from app.omitted import Omitted
from app.scope import EVERYTHING, Scope
from tests.app.accounts.test_matrix import tile
from tests.app.cases.desk import FAR, Desks, refused
from tests.app.review.world import World
from tests.support.seeding import TOWN_1, VILLAGE_11, VILLAGE_12


def names(desks: Desks, query: str, by: str = "county") -> list[str]:
    """The parties listed for a query."""
    return [row["party_name"] for row in desks.taken(desks.person(by).get(f"/api/cases?{query}"))["items"]]


@pytest.fixture
def five(desks: Desks) -> dict[str, dict[str, Any]]:
    """Five cases, each in a state of its own: late, on time, a look back missed, done, elsewhere."""
    return {
        "late": desks.opened(party_name="超期厂", deadline=desks.ago(1)),
        "soon": desks.opened(party_name="按期厂", category="dust", chemical_kind=None, deadline=desks.ahead(0)),
        "missed": desks.closed(days_ago=31, party_name="失查厂"),
        "done": desks.closed(days_ago=30, party_name="完成厂"),
        "far": desks.opened("village21", place=FAR, party_name="远方厂"),
    }


def test_filters_combine_and_counts_say_what_there_is(desks: Desks, five: dict[str, Any]) -> None:
    desks.taken(desks.step(five["soon"]["id"], "supervise", level="county"))
    told = desks.taken(desks.person("county").get(f"/api/cases?unit={TOWN_1}"))
    assert (told["total"], told["counts"]["all"]) == (4, 4)
    assert told["counts"]["states"] == {"registered": 2, "rectifying": 0, "closed": 2, "struck_off": 0}
    assert told["counts"]["categories"]["chemical"] == 3
    assert told["counts"]["omissions"] == {"overdue": 1, "closed_incomplete": 0, "look_back_missed": 1}
    assert told["counts"]["supervised"] == 1
    assert set(names(desks, "state=open")) == {"超期厂", "按期厂", "远方厂"}
    assert names(desks, "state=registered&category=dust") == ["按期厂"]
    assert names(desks, "supervised=true") == ["按期厂"]
    assert set(names(desks, "omission=any")) == {"超期厂", "失查厂"}
    assert names(desks, "omission=overdue") == ["超期厂"]
    assert names(desks, "omission=look_back_missed") == ["失查厂"]
    assert names(desks, "q=失查") == ["失查厂"]
    assert names(desks, f"q={five['done']['number']}") == ["完成厂"]
    assert names(desks, f"found_from={desks.ago(39)}&found_to={desks.ago(0)}") == []
    assert len(names(desks, "limit=2&skip=4")) == 1


def test_a_list_ends_at_the_scope_and_a_foreign_unit_is_refused(desks: Desks, five: dict[str, Any]) -> None:
    assert "远方厂" not in names(desks, "", by="town1")
    assert names(desks, "", by="village21") == ["远方厂"]
    assert "管辖范围" in refused(desks.person("village21").get(f"/api/cases?unit={VILLAGE_11}"), 403)


def test_the_last_day_is_still_in_time(desks: Desks, five: dict[str, Any]) -> None:
    rows = {row["party_name"]: row for row in desks.taken(desks.person("county").get("/api/cases"))["items"]}
    assert (rows["按期厂"]["days_left"], rows["按期厂"]["omissions"]) == (0, [])
    assert (rows["超期厂"]["days_left"], rows["超期厂"]["omissions"]) == (-1, ["overdue"])
    assert (rows["完成厂"]["days_left"], rows["完成厂"]["omissions"]) == (None, [])


def test_omissions_come_with_place_and_person_for_who_must_know(
    desks: Desks, world: World, five: dict[str, Any]
) -> None:
    desks.taken(desks.patch(five["late"]["id"], handler_name="钱督办"))
    with world.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM closure_evidence WHERE case_id = :id AND item = 'power'"), {"id": five["done"]["id"]}
        )
    with transaction(world.engine) as session:
        on, county = world.settings.today(), "320499000000.320491000000"

        def omitted(scope: Scope, path: str) -> list[Omitted]:
            return service.omissions(session, world.settings, scope, path, on, None, 100, 0)

        found = omitted(EVERYTHING, county)
        counts = service.omission_counts(session, world.settings, EVERYTHING, county, on)
        inside = omitted(EVERYTHING, f"{county}.320491002000")
        nothing = omitted(Scope(), county)
    told = {each.kind: each for each in found}
    today = world.settings.today()
    assert {kind: (each.name.partition(" ")[2], each.since) for kind, each in told.items()} == {
        "case_overdue": ("超期厂", today),
        "case_closed_incomplete": ("完成厂", today - timedelta(days=30)),
        "look_back_missed": ("失查厂", today),
    }
    assert {(count.kind, count.number) for count in counts} == {(kind, 1) for kind in told}
    handlers = [(told[kind].facts or {})["handler"] for kind in ("case_overdue", "look_back_missed")]
    assert handlers == ["钱督办", None]
    assert told["case_overdue"].lon is not None
    assert told["case_overdue"].page == f"/cases?id={five['late']['id']}"
    assert (inside, nothing) == ([], [])


def test_a_tile_shows_the_cases_of_the_scope_that_are_asked_for(desks: Desks, five: dict[str, Any]) -> None:
    def drawn(by: str, row: float, query: str = "") -> bytes:
        answer = desks.person(by).get(f"/api/tiles/cases/{tile(0.5, row, 14)}.mvt{query}")
        assert answer.status_code == 200, answer.text
        return answer.content

    inside, far = drawn("county", 2.5), drawn("county", 0.5)
    assert five["late"]["id"].encode() in inside
    assert "超期厂".encode() in inside
    assert five["far"]["id"].encode() in far
    assert five["late"]["id"].encode() not in drawn("village21", 2.5)
    only = drawn("county", 2.5, "?state=closed")
    assert five["done"]["id"].encode() in only
    assert five["late"]["id"].encode() not in only
    again = desks.person("county").get(f"/api/tiles/cases/{tile(0.5, 2.5, 14)}.mvt")
    held = desks.person("county").get(
        f"/api/tiles/cases/{tile(0.5, 2.5, 14)}.mvt", headers={"If-None-Match": again.headers["etag"]}
    )
    assert held.status_code == 304
    assert "不存在" in refused(desks.person("county").get("/api/tiles/cases/2/9/9.mvt"), 422)


def test_forms_get_each_case_of_unit_and_period_as_it_stands(desks: Desks, world: World, five: dict[str, Any]) -> None:
    desks.opened("town1", place=None, unit_code=VILLAGE_12, party_name="石桥厂", found_on=desks.ago(0))
    town = "320499000000.320491000000.320491001000"
    today = world.settings.today()
    with transaction(world.engine) as session:
        rows = service.cases_for_forms(session, EVERYTHING, town, None, today)
        month = service.cases_for_forms(session, EVERYTHING, town, today - timedelta(days=5), today)
        outside = service.cases_for_forms(session, Scope(), town, None, today)
    by_name = {row.party_name: row for row in rows}
    assert set(by_name) == {"超期厂", "按期厂", "失查厂", "完成厂", "石桥厂"}
    done = by_name["完成厂"]
    assert (done.town_name, done.county_name, done.unit_name) == ("南桥镇", "东山区", "柳树村")
    assert (done.is_finished, done.is_complete, done.way_to_close) == (True, True, "ban")
    assert (by_name["超期厂"].is_finished, by_name["超期厂"].is_complete) == (False, False)
    assert [row.party_name for row in month] == ["石桥厂"]
    assert outside == []
