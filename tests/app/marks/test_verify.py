"""Declared coverage follows from the marks, and any tampering with either shows."""

from collections.abc import Iterable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.marks.verify import verify
from app.patrols.verify import verify as verify_patrols
from app.settings import Settings
from tests.support import seeding
from tests.support.phone import mark, send_photo

YARD = seeding.cell(0.3, 2.3, 0.1, 0.1)


@pytest.fixture
def marks(w1: TestClient, client: TestClient) -> list[str]:
    """Ids of a mark that counts, one that was voided, and one that is inaccessible."""
    bodies = [
        mark([send_photo(w1)], YARD),
        mark([send_photo(w1)], YARD),
        mark([send_photo(w1)], YARD, kind="inaccessible", reason="locked"),
    ]
    for body in bodies:
        assert w1.post("/api/marks", json=body).status_code == 200
    assert client.post(f"/api/marks/{bodies[1]['id']}/void", json={"reason": "重复"}).status_code == 200
    return [body["id"] for body in bodies]


def found(city: Engine, tampering: Iterable[str] = ()) -> list[str]:
    """What differs after some statements; nothing of them stays."""
    with city.connect() as connection, Session(connection, join_transaction_mode="create_savepoint") as session:
        for statement in tampering:
            session.execute(text(statement))
        return [f"{each.where}: {each.found}" for each in verify(session).differences]


def test_it_follows(marks: list[str], city: Engine) -> None:
    assert found(city) == []
    with Session(city) as session:
        assert verify(session).marks == len(marks)
    with Session(city) as session:
        assert verify_patrols(session, Settings().today()).differences == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE mark SET geom = ST_Multi(ST_Translate(geom, 0.001, 0)) WHERE kind = 'declared'", "范围与所画的不同"),
        ("UPDATE mark SET sent = jsonb_set(sent, '{reason}', '\"indoor\"')", "摘要不符"),
        ("UPDATE mark SET sent = '{}'", "不能读取"),
        ("UPDATE mark SET day = day - 1 WHERE kind = 'declared'", "多出"),
        ("UPDATE look SET kind = 'tracked' WHERE NOT withdrawn", "多出"),
        ("DELETE FROM look WHERE NOT withdrawn", "缺少"),
        ("UPDATE look SET withdrawn = NOT withdrawn", "未作废，但视域未计入"),
        ("UPDATE look SET withdrawn = NOT withdrawn", "已作废，但视域仍计入"),
        (
            "UPDATE look SET evidence_id = (SELECT id FROM mark WHERE kind = 'inaccessible') WHERE NOT withdrawn",
            "多出",
        ),
        (
            """WITH other AS (INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
                SELECT gen_random_uuid(), 'report', 'W1', now(), now(), '{}', 'test' RETURNING id)
            INSERT INTO look SELECT other.id, l.kind, l.day, l.x, l.y, l.cells
                FROM look l, other WHERE NOT withdrawn""",
            "既不是巡查也不是标记",
        ),
    ],
)
def test_tampering_shows(statement: str, words: str, marks: list[str], city: Engine) -> None:
    assert marks
    assert any(words in each for each in found(city, [statement])), found(city, [statement])
