"""Verification finds whatever was changed behind the back, and rebuilding mends what is derived."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service
from geo.daytiles import empty, encode
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
