"""Verification finds whatever was changed behind the back, and rebuilding mends what is derived."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service
from geo.daytiles import day_number, empty, encode
from tests.app.coverage import world

DAY = date(2025, 6, 1)


@pytest.fixture
def walked(city: Session) -> Session:
    """The small city after some patrols."""
    for number in range(4):
        world.take_in(city, world.across(number % 2, DAY + timedelta(days=number), 0.2 * (number + 1)))
    assert list(service.verify(city, DAY)) == []
    return city


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE day_tile SET days = :empty", "day_tile"),
        ("DELETE FROM day_tile", "day_tile"),
        ("DELETE FROM freshness WHERE from_day > 9000", "freshness"),
        ("UPDATE freshness SET from_day = from_day + 1", "freshness"),
        ("UPDATE freshness f SET histogram = (SELECT o.histogram FROM freshness o LIMIT 1)", "freshness"),
        ("INSERT INTO freshness SELECT DISTINCT ON (zone_id) zone_id, 9999, histogram FROM freshness", "freshness"),
    ],
)  # fmt: skip
def test_damage_to_what_is_derived_is_found_and_mended(walked: Session, damage: str, what: str) -> None:
    before = world.derived(walked)
    walked.execute(text(damage), {"empty": encode(empty())} if ":empty" in damage else {})
    assert {difference.what for difference in service.verify(walked, DAY)} == {what}
    told: list[tuple[str, int, int]] = []
    service.rebuild(walked, lambda *progress: told.append(progress))
    assert world.derived(walked) == before
    assert list(service.verify(walked, DAY)) == []
    assert {(step, done == total) for step, done, total in told} >= {("日期瓦片", True), ("新鲜度", True)}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE zone_tile t SET mask = (SELECT o.mask FROM zone_tile o WHERE o.zone_id <> t.zone_id LIMIT 1)",
        "DELETE FROM zone WHERE grid_code IS NOT NULL",
    ],
)
def test_damage_to_zones_is_found(walked: Session, damage: str) -> None:
    walked.execute(text(damage))
    assert "zone" in {difference.what for difference in service.verify(walked, DAY)}


def test_a_changed_look_no_longer_follows_from_the_fixes(walked: Session) -> None:
    way = world.across(0, DAY, 0.5)
    patrol_id = world.take_in(walked, way)
    looks = world.looks_of([way])
    assert list(service.differing_looks(walked, "巡查", patrol_id, looks)) == []
    found = list(service.differing_looks(walked, "巡查", patrol_id, world.looks_of([world.across(0, DAY, 0.52)])))
    assert {difference.what for difference in found} == {"look"}
    assert len(list(service.differing_looks(walked, "巡查", patrol_id, []))) == len(looks)
    assert [each.found for each in service.differing_looks(walked, "巡查", world.add_patrol(walked), looks)] == [
        "缺少"
    ] * len(looks)


def _damage(session: Session, sql: str, **values: object) -> None:
    session.execute(text(sql), values)


@pytest.mark.parametrize("kind", ["tracked", "declared"])
def test_a_unit_names_each_of_its_tiles_that_does_not_follow(walked: Session, kind: str) -> None:
    world.take_in(walked, world.across(0, DAY, 0.5), kind=kind)
    path = f"{world.CITY}.{world.COUNTY}.{world.TOWN}"
    assert service.unit_verify(walked, path, DAY) == []
    _damage(walked, "UPDATE day_tile SET days = :empty WHERE kind = :kind", empty=encode(empty()), kind=kind)
    found = service.unit_verify(walked, path, DAY)
    tiles = walked.execute(text("SELECT x, y FROM day_tile WHERE kind = :kind ORDER BY x, y"), {"kind": kind})
    assert [each.subject for each in found] == [f"tile:{tile.x}:{tile.y}:{kind}" for tile in tiles]
    assert {each.kind for each in found} == {"tile_not_following"}
    assert all((each.unit_path or "").startswith(path) for each in found)
    assert all((each.facts or {})["cells"] > 0 for each in found)


def test_a_unit_names_grids_whose_rows_do_not_follow(walked: Session) -> None:
    village = f"{world.CITY}.{world.COUNTY}.{world.TOWN}.{world.VILLAGES[0]}"
    other = f"{world.CITY}.{world.COUNTY}.{world.TOWN}.{world.VILLAGES[1]}"
    code = world.grid_code(0, 1)
    _damage(
        walked,
        "DELETE FROM freshness f USING zone z WHERE z.id = f.zone_id AND z.grid_code = :code AND f.from_day >= :day",
        code=code,
        day=day_number(DAY),
    )
    (found,) = service.unit_verify(walked, village, DAY)
    assert (found.subject, found.grid_code, found.unit_path) == (f"rows:{code}", code, village)
    assert found.since == DAY
    assert service.unit_verify(walked, other, DAY) == []
    assert service.unit_verify(walked, "999", DAY) == []
