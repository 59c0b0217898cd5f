"""What is stored of visits follows from them as they came, and any tampering shows."""

from collections.abc import Iterable
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.visits.verify import verify
from tests.app.visits.conftest import Works
from tests.support.phone import at
from tests.support.visiting import YARD, checklist, not_entered, visit


@pytest.fixture
def visits(w1: TestClient, client: TestClient, works: Works) -> list[str]:
    """Ids of a visit that counts, one that was voided, one to a shut gate, and one in another datum."""
    shifted = {**at(YARD), "lon": YARD.centroid.x + 0.0045, "lat": YARD.centroid.y - 0.0024}
    new = [{"id": str(uuid4()), "tenant_name": "丙电镀", "floor_unit": "三楼"}]
    bodies = [
        visit(works.site, works.all_seen, note="看过", checklist=checklist(dust="not_applicable")),
        visit(works.site, {works.tenant: True, works.subtenant: False}),
        not_entered(works.site, position=None),
        visit(works.site, works.all_seen, datum="GCJ-02", position=shifted, new_tenants=new),
    ]
    for body in bodies:
        assert w1.post("/api/visits", json=body).status_code == 200
    assert client.post(f"/api/visits/{bodies[1]['id']}/void", json={"reason": "重复"}).status_code == 200
    return [body["id"] for body in bodies]


def found(city: Engine, tampering: Iterable[str] = ()) -> list[str]:
    """What differs after some statements; nothing of them stays."""
    with city.connect() as connection, Session(connection, join_transaction_mode="create_savepoint") as session:
        for statement in tampering:
            session.execute(text(statement))
        return [f"{each.where}: {each.found}" for each in verify(session).differences]


def test_it_follows(visits: list[str], city: Engine) -> None:
    assert found(city) == []
    with Session(city) as session:
        told: list[tuple[str, int, int]] = []
        assert verify(session, lambda *each: told.append(each)).visits == len(visits)
    assert told == [("检查", 4, 4)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE visit SET sent = jsonb_set(sent, '{note}', '\"没看过\"') WHERE note = '看过'", "摘要不符"),
        ("UPDATE visit SET sent = '{}'", "不能读取"),
        ("UPDATE visit SET result = 'nothing_found', not_entered_why = NULL WHERE result = 'not_entered'", "result 与"),
        ("UPDATE visit SET visited_at = visited_at + interval '1 day'", "visited_at 与"),
        ("UPDATE visit SET position = ST_Translate(position, 0.001, 0)", "lon 与"),
        ("UPDATE visit SET position_accuracy_m = 1", "position_accuracy_m 与"),
        ("UPDATE visit SET distance_m = 1500 WHERE distance_m IS NOT NULL", "距离与答复的不同"),
        ("UPDATE visit SET checklist = '{}' WHERE result = 'nothing_found'", "checklist 与"),
        ("UPDATE visit_tenancy SET seen = true WHERE NOT seen", "seen 与"),
        ("DELETE FROM visit_tenancy", "seen 与"),
        ("UPDATE evidence SET started_at = started_at - interval '1 day'", "共同部分"),
        ("UPDATE evidence SET review = 'none' WHERE review = 'voided'", "作废与核查的结论不一致"),
        (
            "UPDATE visit SET state = 'accepted', void_reason = NULL, voided_by = NULL, voided_at = NULL",
            "作废与核查的结论不一致",
        ),
    ],
)
def test_tampering_shows(visits: list[str], city: Engine, statement: str, words: str) -> None:
    differences = found(city, [statement])
    assert any(words in each for each in differences), differences
