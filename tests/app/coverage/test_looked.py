"""Who looked at a place."""

from datetime import timedelta

import pytest
import shapely
from sqlalchemy.orm import Session

from app.coverage import service
from app.scope import EVERYTHING
from app.settings import Settings
from tests.app.coverage import world

OWN = Settings()
TODAY = OWN.today()
LON, LAT = world.WEST + world.SIDE * 0.5, world.SOUTH + world.SIDE * 0.5


def test_looks_come_newest_first_with_the_place_they_belong_to(city: Session) -> None:
    ids = [world.take_in(city, world.across(0, TODAY - timedelta(days=ago))) for ago in (5, 40, 20)]
    world.take_in(city, world.across(0, TODAY, 0.95))
    declared = world.take_in(city, world.across(0, TODAY - timedelta(days=1)), kind="declared")
    found = service.looked_at(city, OWN, EVERYTHING, LON, LAT)
    assert [(look.evidence_id, look.kind) for look in found.looks] == [
        (declared, "declared"), (ids[0], "tracked"), (ids[2], "tracked"), (ids[1], "tracked"),
    ]  # fmt: skip
    assert [look.day for look in found.looks][1] == TODAY - timedelta(days=5)
    assert found.total == 4
    assert found.grid is not None
    assert found.grid.code == world.grid_code(0, 0)
    assert [step.level for step in found.path] == ["city", "county", "town", "village"]
    assert found.share == "tracked"


@pytest.mark.parametrize(
    ("ago", "kind", "share"),
    [(14, "tracked", "tracked"), (15, "tracked", "stale"), (3, "declared", "declared"), (None, "", "never_seen")],
)
def test_the_share_is_by_the_grids_own_cycle(city: Session, ago: int | None, kind: str, share: str) -> None:
    if ago is not None:
        world.take_in(city, world.across(0, TODAY - timedelta(days=ago)), kind=kind)
    assert service.looked_at(city, OWN, EVERYTHING, LON, LAT).share == share


def test_places_without_a_grid_say_so(city: Session) -> None:
    strip = service.looked_at(city, OWN, EVERYTHING, world.WEST + world.SIDE * world.COLUMNS + world.STRIP / 2, LAT)
    assert (strip.grid, strip.share) == (None, "unassigned")
    assert strip.path[-1].code == world.VILLAGES[0]
    outside = service.looked_at(city, OWN, EVERYTHING, 0.0, 0.0)
    assert (outside.path, outside.grid, outside.share, outside.looks) == ([], None, None, [])


def test_excluded_ground_is_excluded_though_it_was_seen(city: Session) -> None:
    world.add_exclusion(city, "水塘", "excluded", shapely.Point(LON, LAT).buffer(0.0005))
    service.repaint(city, world.grid_box(0, 0), world.BEGINNING)
    world.take_in(city, world.across(0, TODAY))
    found = service.looked_at(city, OWN, EVERYTHING, LON, LAT)
    assert (found.share, found.total) == ("excluded", 1)


def test_voided_patrols_looked_at_nothing(city: Session) -> None:
    patrol_id = world.take_in(city, world.across(0, TODAY))
    world.void(city, patrol_id)
    assert service.looked_at(city, OWN, EVERYTHING, LON, LAT).total == 0


def test_a_blind_place_says_why_those_who_passed_do_not_count(city: Session) -> None:
    assert service.looked_at(city, OWN, EVERYTHING, LON, LAT).passed is None
    for ago, reason in ((1, "gap"), (3, "weak"), (6, "weak"), (20, "too_fast")):
        world.pass_by(city, reason, world.across(0, TODAY - timedelta(days=ago)))
    passed = service.looked_at(city, OWN, EVERYTHING, LON, LAT).passed
    assert passed is not None
    assert (passed.reason, passed.day) == ("weak", TODAY - timedelta(days=3)), "too fast was before the cycle"
    assert service.looked_at(city, OWN, EVERYTHING, LON, LAT + 0.0015).passed is None, "beside it"
    world.take_in(city, world.across(0, TODAY))
    assert service.looked_at(city, OWN, EVERYTHING, LON, LAT).passed is None, "it was seen"
