"""What waits for a reviewer, and what was decided: one statement gives the page, its total and the counts by kind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.scope import PLACES

# `review` is written out, not bound: each of these is served by a partial index.
_STATES = {
    "open": ("e.review = 'open'", ""),
    "asked": ("e.review = 'asked'", ""),
    "decided": ("e.review IN ('accepted', 'voided')", "DESC"),
}
_CHOSEN = """WITH mine AS MATERIALIZED (
    SELECT e.id, e.kind, e.officer_code, e.started_at, e.unit_paths FROM evidence e WHERE {reviews} AND {places}
), asked AS MATERIALIZED (
    SELECT m.id, m.kind, m.started_at FROM mine m
    WHERE (CAST(:officer AS text) IS NULL OR m.officer_code = :officer)
      AND (CAST(:unit_path AS text) IS NULL OR m.unit_paths <@ CAST(:unit_path AS ltree))
), found AS MATERIALIZED (
    SELECT DISTINCT a.id, f.kind FROM asked a JOIN finding f ON f.evidence_id = a.id
), chosen AS MATERIALIZED (
    SELECT a.id, a.started_at FROM asked a
    WHERE CAST(:kind AS text) IS NULL OR a.kind = :kind
       OR EXISTS (SELECT FROM found f WHERE f.id = a.id AND f.kind = :kind)
), shown AS (
    SELECT c.id FROM chosen c ORDER BY c.started_at {order}, c.id LIMIT :limit OFFSET :skip
)"""
# Places and people to choose from do not depend on what is chosen; kinds do.
_COUNTS = """SELECT (SELECT count(*) FROM chosen) AS total, (SELECT count(*) FROM asked) AS of_all_kinds,
    COALESCE((SELECT json_object_agg(k.kind, k.n) FROM (
        SELECT kind, count(*) AS n FROM asked GROUP BY kind) AS k), '{{}}') AS records,
    COALESCE((SELECT json_object_agg(k.kind, k.n) FROM (
        SELECT kind, count(*) AS n FROM found GROUP BY kind) AS k), '{{}}') AS findings,
    COALESCE((SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'count', k.n) ORDER BY u.path) FROM (
        SELECT p.path, count(*) AS n FROM mine CROSS JOIN LATERAL unnest(unit_paths) AS p(path) GROUP BY p.path
        ) AS k JOIN unit u ON u.path = k.path), '[]') AS units,
    COALESCE((SELECT json_agg(json_build_object('code', o.code, 'name', o.name, 'count', k.n) ORDER BY o.code) FROM (
        SELECT officer_code, count(*) AS n FROM mine GROUP BY officer_code
        ) AS k JOIN officer o ON o.code = k.officer_code), '[]') AS officers,"""
_RECORD = """json_build_object('id', e.id, 'kind', e.kind, 'officer_code', e.officer_code, 'officer_name', o.name,
    'started_at', e.started_at, 'ended_at', e.ended_at, 'review', e.review, 'sent_by_account', e.sent_by_account,
    'unit_names', ARRAY(SELECT u.name FROM unit u WHERE u.path = ANY(e.unit_paths) ORDER BY u.path))"""
_SHOWN = "FROM shown s JOIN evidence e ON e.id = s.id JOIN officer o ON o.code = e.officer_code"
_ITEMS = f"COALESCE((SELECT json_agg({_RECORD} ORDER BY e.started_at {{order}}, e.id) {_SHOWN}), '[]') AS items"
STATEMENTS = {
    state: text(
        f"{_CHOSEN} {_COUNTS} {_ITEMS}".format(reviews=reviews, order=order, places=PLACES.format(paths="e.unit_paths"))
    )
    for state, (reviews, order) in _STATES.items()
}
_ONE = text(f"SELECT {_RECORD} FROM evidence e JOIN officer o ON o.code = e.officer_code WHERE e.id = :id")  # noqa: S608
# Records that name each other, whichever of them the finding was written to.
_OTHERS = text(
    """SELECT DISTINCT other FROM (
        SELECT other_id AS other FROM finding WHERE evidence_id = :id
        UNION ALL SELECT evidence_id FROM finding WHERE other_id = :id
    ) AS o WHERE other <> :id ORDER BY other LIMIT :limit"""
)


class Row(NamedTuple):
    """A record in the queue. `sent_by_account`: None for machines and the operator."""

    id: UUID
    kind: str
    officer_code: str
    officer_name: str
    started_at: datetime
    ended_at: datetime
    review: str
    sent_by_account: int | None
    unit_names: list[str]


class Page(NamedTuple):
    """One page. Counts are of all records of the state: by kind, and by unit and officer: [{code, name, count}]."""

    total: int
    of_all_kinds: int
    records: dict[str, int]
    findings: dict[str, int]
    units: list[dict[str, Any]]
    officers: list[dict[str, Any]]
    items: list[Row]


def page(session: Session, state: str, values: dict[str, Any]) -> Page:
    """A page. `state`: open, asked (oldest first) or decided (newest first); a None among the values means any."""
    found = session.execute(STATEMENTS[state], values).one()
    return Page(**{**found._mapping, "items": [_row(each) for each in found.items]})


def one(session: Session, evidence_id: UUID) -> Row | None:
    """A record as the queue shows it; None when there is none."""
    found = session.execute(_ONE, {"id": evidence_id}).scalar()
    return None if found is None else _row(found)


def others(session: Session, evidence_id: UUID, limit: int) -> Sequence[UUID]:
    """Records that findings of this one name, or whose findings name this one."""
    return session.execute(_OTHERS, {"id": evidence_id, "limit": limit}).scalars().all()


def _row(found: dict[str, Any]) -> Row:
    times = {name: datetime.fromisoformat(found[name]) for name in ("started_at", "ended_at")}
    return Row(**{**found, **times, "id": UUID(found["id"])})
