"""The demo's town where nothing is left out can be signed, and its neighbours say why they cannot."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from demo.intentions import Intention
from demo.plan import Plan
from tests.demo.conftest import LAST_DAY
from tests.support.server import OPERATOR_TOKEN

TOWN, VILLAGES = "320404006000", ("320404006007", "320404006010")


@pytest.fixture(scope="module")
def client(built: Settings) -> Iterator[TestClient]:
    """The operator at a demo of that town and one neglected grid."""
    settings = built.model_copy(update={"operator_token": SecretStr(OPERATOR_TOKEN)})
    as_operator = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    with TestClient(create_app(settings), "http://127.0.0.1", headers=as_operator) as client:
        yield client


def determination(client: TestClient, unit: str) -> dict[str, Any]:
    answer = client.get("/api/determination", params={"unit": unit, "last_day": LAST_DAY.isoformat()})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def blocking(client: TestClient, unit: str) -> dict[str, int]:
    return {each["kind"]: each["number"] for each in determination(client, unit)["counts"] if each["blocks"]}


def test_its_villages_can_be_signed(client: TestClient) -> None:
    assert [blocking(client, village) for village in VILLAGES] == [{}, {}]


def test_the_town_waits_for_its_villages_alone(client: TestClient) -> None:
    assert blocking(client, TOWN) == {"child_unsigned": 2}


def test_a_neglected_village_says_why_it_cannot(client: TestClient, plan: Plan) -> None:
    village = plan.scene.of(Intention.NEVER)[0].unit_code
    assert "ground_never" in blocking(client, village)
