"""Policies are set from above, version by version, and decide what blocks from their day on."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app.settings import Settings
from tests.app.determination.omissions.conftest import Person
from tests.app.determination.village import COUNTY, OTHER, TOWN, VILLAGE

TODAY = Settings().today()
ROOT = "/api/determination"


@pytest.fixture
def town(person: Person) -> TestClient:
    """The head of the town above the village."""
    return person("townhead")


@pytest.fixture
def head(person: Person) -> TestClient:
    """The head of the village."""
    return person("head")


@pytest.fixture
def lead(settings: Settings) -> None:
    """Two leads without a site in the village."""
    engine = create_engine(settings.database_url or "")
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO lead (id, source, what, geom, datum, unit_path, made_at, content_digest, answer,
                    deadline)
                SELECT gen_random_uuid(), 'letter', 'smell', u.label_point, 'WGS-84', u.path, now(), ''::bytea, '{}',
                    CURRENT_DATE + 9
                FROM unit u, generate_series(1, 2) WHERE u.code = :unit"""
            ),
            {"unit": VILLAGE},
        )
    engine.dispose()


def policy(unit: str = VILLAGE, valid_from: date = TODAY, **thresholds: Any) -> dict[str, Any]:
    return {"unit": unit, "valid_from": valid_from.isoformat(), "thresholds": thresholds, "words": "试行"}


def determined(person: TestClient, unit: str = VILLAGE) -> dict[str, Any]:
    answer = person.get(ROOT, params={"unit": unit})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    message: str = answer.json()["error"]["message"]
    return message


@pytest.mark.usefixtures("lead")
def test_it_decides_what_blocks_and_the_newest_version_in_force_holds(
    town: TestClient, head: TestClient, settings: Settings
) -> None:
    strict = determined(head)
    assert (strict["policy"]["version"], strict["blocks"]) == (0, True)
    assert town.post(f"{ROOT}/policies", json=policy(lead_unmatched={"count": 1})).status_code == 201
    assert determined(head)["blocks"] is True, "two are left, one may be"
    assert town.post(f"{ROOT}/policies", json=policy(lead_unmatched={"count": 2})).json()["version"] == 2
    tomorrow = TODAY + timedelta(days=1)
    assert town.post(f"{ROOT}/policies", json=policy(valid_from=tomorrow)).json()["version"] == 3
    told = determined(head)
    assert (told["policy"]["version"], told["blocks"]) == (2, False)
    (count,) = [each for each in told["counts"] if each["number"]]
    assert (count["kind"], count["number"], count["limit"]["count"], count["blocks"]) == ("lead_unmatched", 2, 2, False)
    listed = head.get(f"{ROOT}/policies", params={"unit": VILLAGE}).json()
    assert [each["version"] for each in listed] == [3, 2, 1]
    assert listed[0]["set_by"] == "测试townhead"
    engine = create_engine(settings.database_url or "")
    with engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind, unit_code FROM chain_entry ORDER BY seq")).all()
    engine.dispose()
    assert [tuple(kind) for kind in kinds] == [("policy", VILLAGE)] * 3


def test_a_unit_without_one_follows_the_nearest_above(person: Person, town: TestClient, head: TestClient) -> None:
    set_above = person("countyhead").post(f"{ROOT}/policies", json=policy(TOWN, no_cycle={"count": 3}))
    assert set_above.status_code == 201
    assert determined(head)["policy"]["unit"]["code"] == TOWN
    assert town.post(f"{ROOT}/policies", json=policy(VILLAGE)).status_code == 201
    assert determined(head)["policy"]["unit"]["code"] == VILLAGE
    assert determined(town, OTHER)["policy"]["unit"]["code"] == TOWN


def test_ground_is_limited_by_area(town: TestClient, head: TestClient) -> None:
    assert town.post(f"{ROOT}/policies", json=policy(ground_never={"area_m2": 50})).status_code == 201
    (count,) = [each for each in determined(head)["counts"] if each["kind"] == "ground_never"]
    assert count["limit"] == {"count": None, "area_m2": 50.0}


def test_nobody_sets_ones_own(town: TestClient, head: TestClient) -> None:
    assert "上级" in refusal(town.post(f"{ROOT}/policies", json=policy(TOWN)), 403)
    assert "上级" in refusal(head.post(f"{ROOT}/policies", json=policy(VILLAGE)), 403)
    assert "管辖范围" in refusal(head.post(f"{ROOT}/policies", json=policy(COUNTY)), 403)


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [
        ({"nothing": {"count": 1}}, "没有"),
        ({"site_overdue": {"area_m2": 10}}, "不以面积计"),
        ({"site_overdue": {}}, "须规定"),
        ({"broken_chain": {"count": 1}}, "不可靠"),
        ({"tile_not_following": {"count": 1}}, "不可靠"),
    ],
)
def test_thresholds_that_mean_nothing_or_let_the_proof_rot_are_refused(
    town: TestClient, thresholds: dict[str, Any], words: str
) -> None:
    assert words in refusal(town.post(f"{ROOT}/policies", json=policy(**thresholds)), 422)


def test_it_cannot_reach_back_nor_be_negative(town: TestClient) -> None:
    yesterday = policy(valid_from=TODAY - timedelta(days=1))
    assert "已过" in refusal(town.post(f"{ROOT}/policies", json=yesterday), 422)
    refusal(town.post(f"{ROOT}/policies", json=policy(site_overdue={"count": -1})), 422)
    refusal(town.post(f"{ROOT}/policies", json={**policy(), "words": " "}), 422)


@pytest.mark.parametrize("period", [{"last_day": "2999-01-01"}, {"first_day": "2026-03-02", "last_day": "2026-03-01"}])
def test_days_to_come_and_turned_around_are_refused(head: TestClient, period: dict[str, str]) -> None:
    answer = head.get(ROOT, params={"unit": VILLAGE, **period})
    assert answer.status_code == 422


@pytest.mark.usefixtures("lead")
def test_loosened_by_hand_it_breaks_the_proof(town: TestClient, head: TestClient, settings: Settings) -> None:
    assert town.post(f"{ROOT}/policies", json=policy()).status_code == 201
    engine = create_engine(settings.database_url or "")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE policy DISABLE TRIGGER policy_append_only"))
        connection.execute(
            text("UPDATE policy SET thresholds = jsonb_build_object('lead_unmatched', jsonb_build_object('count', 9))")
        )
    engine.dispose()
    assert [each["kind"] for each in determined(head)["counts"] if each["blocks"]] == ["broken_chain"]
