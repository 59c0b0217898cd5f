"""Two officers, each in charge of a grid, and what the service knows of their records."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text

from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts, Finding
from tests.app.patrols.bodies import OFFICER
from tests.app.patrols.territory import FROM, VILLAGE, add_grids

NEIGHBOUR = "G002"


@pytest.fixture
def db(database: str) -> Iterator[Engine]:
    """An engine on the test's own database: OFFICER has the western grid, NEIGHBOUR the eastern."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    add_grids(engine)
    charge = "INSERT INTO grid_officer (grid_code, officer_code, valid_from) VALUES (:grid, :officer, :since)"
    with engine.begin() as connection:
        for officer, half in ((OFFICER, "W"), (NEIGHBOUR, "E")):
            connection.execute(text("INSERT INTO officer (code, name) VALUES (:code, '王小明')"), {"code": officer})
            values = {"grid": f"{VILLAGE}-{half}", "officer": officer, "since": FROM}
            connection.execute(text(charge), values)
    yield engine
    engine.dispose()


@pytest.fixture
def send(client: TestClient, db: Engine) -> Callable[[dict[str, Any]], UUID]:
    """Send a patrol that must be taken in; its id."""

    def sending(body: dict[str, Any]) -> UUID:
        answer = client.post("/api/patrols", json=body)
        assert answer.status_code == 200, answer.text
        return UUID(body["id"])

    return sending


@pytest.fixture
def findings(db: Engine) -> Callable[[UUID], dict[str, Finding]]:
    """The findings about a record, by kind; of several of a kind, the last."""

    def asking(evidence_id: UUID) -> dict[str, Finding]:
        with transaction(db) as session:
            found = evidence.findings_of(session, [evidence_id])
        return {finding.kind.value: finding for finding in found.get(evidence_id, [])}

    return asking


@pytest.fixture
def record(db: Engine) -> Callable[[UUID], EvidenceFacts]:
    """What all records have in common, of one."""

    def asking(evidence_id: UUID) -> EvidenceFacts:
        with transaction(db) as session:
            return evidence.facts_of(session, [evidence_id])[evidence_id]

    return asking
