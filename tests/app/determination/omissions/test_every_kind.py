"""Each kind of omission, alone, blocks the signature, stands in the list and on the map, and mended blocks no more."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely import Point
from sqlalchemy.orm import Session

from app.actor import terminal
from app.determination import showing
from app.determination.kinds import KINDS
from app.determination.schemas import Determination
from app.determination.service import determine
from app.settings import Settings
from app.territory import service as territory
from tests.app.determination.conftest import Clean
from tests.app.determination.omissions.hands import Hands
from tests.app.determination.omissions.plants import PLANTS, Plant
from tests.app.determination.village import CITY, COUNTY, OTHER, TOWN, VILLAGE, ground


@pytest.fixture
def hands(session: Session, clean: Clean, tmp_path: Path) -> Hands:
    """On the clean village; what they do is rolled back."""
    return Hands(session, Settings(data_dir=tmp_path / "data"), dict(clean.ids))


def determined(hands: Hands, unit: str) -> Determination:
    row = territory.unit_or_404(hands.session, unit)
    return determine(hands.session, hands.settings, row, hands.today.replace(day=1), hands.today)


def blocking(hands: Hands, unit: str) -> set[str]:
    told = determined(hands, unit)
    found = {count.kind for count in told.blocking}
    assert told.blocks == bool(found)
    assert found == {count.kind for count in told.counts if count.number}, "strict unless a policy says otherwise"
    return found


def test_there_is_a_plant_for_every_kind() -> None:
    assert sorted(plant.kind for plant in PLANTS) == sorted(KINDS)


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.kind for plant in PLANTS])
def test_it_blocks_alone_is_told_with_place_and_person_and_mended_blocks_no_more(hands: Hands, plant: Plant) -> None:
    mend = plant.plant(hands)
    assert blocking(hands, plant.unit) == {plant.kind}
    _is_listed(hands, plant)
    _is_on_the_map(hands, plant)
    mend()
    assert plant.kind not in blocking(hands, plant.unit)
    assert _rows(hands, plant) == []


def _rows(hands: Hands, plant: Plant) -> list[Any]:
    period: tuple[date | None, date | None] = (None, hands.today)
    told = showing.rows(hands.session, hands.settings, terminal(), plant.unit, period, [plant.kind], 50, 0)
    assert told.total == len(told.items)
    return told.items


def _is_listed(hands: Hands, plant: Plant) -> None:
    rows = _rows(hands, plant)
    assert rows
    unit = plant.at.rpartition(".")[2]
    for row in rows:
        assert (row.kind, row.unit and row.unit.code) == (plant.kind, unit)
        assert row.name
        assert row.page.startswith("/")
        assert row.since is None or row.since <= hands.today
        assert row.area_m2 is None or row.area_m2 > 0
    first = rows[0]
    assert (first.grid and first.grid.code, first.officer and first.officer.name) == (plant.grid, plant.officer)
    assert first.place_is_rough == plant.is_rough
    told = determined(hands, plant.unit)
    (count,) = [each for each in told.counts if each.kind == plant.kind]
    assert count.number == len(rows)
    if count.area_m2 is not None and plant.kind != "tile_not_following":
        assert count.area_m2 == pytest.approx(sum(row.area_m2 for row in rows), rel=1e-6)


def _is_on_the_map(hands: Hands, plant: Plant) -> None:
    period: tuple[date | None, date | None] = (None, hands.today)
    told = showing.places(hands.session, hands.settings, terminal(), plant.unit, period, [plant.kind])
    assert (told.cut, told.without_place) == (False, 0)
    assert len(told.features) == told.total > 0
    for feature in told.features:
        point = Point(feature["geometry"]["coordinates"])
        # A tile reaches beyond the village; a grid that lies outside of it is where it lies.
        near = ground(-1, -1, 4, 3) if plant.kind in ("tile_not_following", "grid_outside") else ground(0, 0, 2)
        assert near.buffer(0.02 if plant.kind == "tile_not_following" else 1e-5).covers(point), (plant.kind, point)
        assert feature["properties"]["kind"] == plant.kind


def test_what_lies_outside_of_all_units_blocks_the_topmost(hands: Hands) -> None:
    (lead,) = [plant for plant in PLANTS if plant.kind == "lead_unmatched"]
    lead.plant(hands)
    hands.sql("UPDATE lead SET unit_path = NULL, grid_code = NULL")
    assert blocking(hands, lead.unit) == set()
    assert "lead_unmatched" in blocking(hands, CITY)


def test_all_kinds_are_paged_through_without_loss(hands: Hands) -> None:
    wanted = ("no_officer", "site_dust_unconfirmed", "lead_unmatched", "lead_overdue", "finding_unreviewed")
    for plant in PLANTS:
        if plant.kind in wanted:
            plant.plant(hands)
            hands.sql("UPDATE lead SET number = id::text")
    period: tuple[date | None, date | None] = (None, hands.today)

    def page(limit: int, skip: int) -> Any:
        return showing.rows(hands.session, hands.settings, terminal(), VILLAGE, period, None, limit, skip)

    whole = page(100, 0)
    assert {row.kind for row in whole.items} == set(wanted)
    assert whole.total == len(whole.items)
    singly = [row for skip in range(whole.total + 1) for row in page(1, skip).items]
    assert [(row.kind, row.subject) for row in singly] == [(row.kind, row.subject) for row in whole.items]


def test_a_town_says_in_which_village_something_is_left_out(hands: Hands) -> None:
    (plant,) = [plant for plant in PLANTS if plant.kind == "site_dust_unconfirmed"]
    plant.plant(hands)
    hands.sql(
        """INSERT INTO defect (kind, unit_code, part_codes, is_sliver, area_m2, geom)
        SELECT 'nobodys_land', code, '{}', false, 9, geom FROM unit WHERE code = :town""",
        town=TOWN,
    )
    asked = (None, hands.today)
    told = showing.shown(hands.session, hands.settings, terminal(), TOWN, *asked, None)
    assert {child.unit.code: child.number for child in told.children} == {VILLAGE: 1, OTHER: 0}
    assert {child.unit.code: child.kinds for child in told.children} == {
        VILLAGE: {"site_dust_unconfirmed": 1, "child_unsigned": 1},
        OTHER: {"child_unsigned": 1},
    }
    assert told.outside_children == 1, "the town's own ground that is nobody's"
    assert [unit.code for unit in told.above] == [CITY, COUNTY]
