"""SQL of plans and of what they drew. Who supervises sees all of it; others see what was looked into."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_TURN = text("SELECT pg_advisory_xact_lock(hashtext('supervision_plan'))")
_INSERT = text(
    """INSERT INTO supervision_plan (id, name, kind, unit_code, unit_path, seed, rules, population_digest, population,
        candidates, drawn_on, content_digest, by_account, by_name)
    VALUES (:id, :name, :kind, :unit_code, CAST(:unit_path AS ltree), :seed, CAST(:rules AS jsonb),
        :population_digest, CAST(:population AS jsonb), :candidates, :drawn_on, :content_digest, :by_account,
        :by_name)"""
)
_INSERT_ITEM = text(
    """INSERT INTO supervision_item (id, plan_id, ordinal, form, subject_kind, subject, name, address, unit_code,
        unit_path, place, stratum, why)
    VALUES (:id, :plan_id, :ordinal, :form, :subject_kind, :subject, :name, :address, :unit_code,
        CAST(:unit_path AS ltree), ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326), :stratum,
        CAST(:why AS jsonb))"""
)
LATEST = """LEFT JOIN LATERAL (
        SELECT a.id, a.version, a.answers, a.is_final, a.found_omission, a.words, a.by_name, a.at
        FROM supervision_answer a WHERE a.item_id = i.id ORDER BY a.version DESC LIMIT 1) a ON true"""
_IN_SCOPE = UNITS.format(path="i.unit_path")
SEEN = f"({_IN_SCOPE} AND (CAST(:sees_open AS boolean) OR p.finished_at IS NOT NULL OR COALESCE(a.is_final, false)))"
_PLAN_SEEN = f"""({UNITS.format(path="p.unit_path")} OR EXISTS (
    SELECT FROM supervision_item i {LATEST} WHERE i.plan_id = p.id AND {SEEN}))"""
_COLUMNS = f"""p.id, p.name, p.kind, p.unit_code, u.name AS unit_name, u.level AS unit_level,
    p.unit_path::text AS unit_path, p.seed, p.population, p.population_digest, p.drawn_on, p.by_name, p.at,
    p.finished_at, p.content_digest, n.items, n.final, n.omissions, {_PLAN_SEEN} AS is_seen"""
_FROM = f"""FROM supervision_plan p JOIN unit u ON u.code = p.unit_code CROSS JOIN LATERAL (
        SELECT count(*) AS items, count(*) FILTER (WHERE a.is_final) AS final,
            count(*) FILTER (WHERE a.is_final AND a.found_omission) AS omissions
        FROM supervision_item i {LATEST} WHERE i.plan_id = p.id AND {_IN_SCOPE}) n"""  # noqa: S608 - constants
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = :id")
_WITHIN = "(CAST(:unit_path AS ltree) IS NULL OR p.unit_path <@ CAST(:unit_path AS ltree))"
_PAGE = text(
    f"SELECT {_COLUMNS} {_FROM} WHERE {_PLAN_SEEN} AND {_WITHIN} ORDER BY p.at DESC, p.id LIMIT :limit OFFSET :skip"
)
_COUNT = text(f"SELECT count(*) FROM supervision_plan p WHERE {_PLAN_SEEN} AND {_WITHIN}")  # noqa: S608 - constants
_KEPT = text("SELECT candidates, population_digest FROM supervision_plan WHERE id = :id")
_LOCK = text("SELECT finished_at FROM supervision_plan WHERE id = :id FOR NO KEY UPDATE")
_FINISH = text("UPDATE supervision_plan SET finished_at = now() WHERE id = :id AND finished_at IS NULL")
_ITEM_COLUMNS = """i.id, i.plan_id, i.ordinal, i.form, i.subject_kind, i.subject, i.name, i.address, i.unit_code,
    i.unit_path::text AS unit_path, ST_X(i.place) AS lon, ST_Y(i.place) AS lat, i.stratum, i.why,
    u.name AS unit_name, a.version, a.answers, a.is_final, a.found_omission, a.words, a.by_name, a.at,
    p.finished_at, p.name AS plan_name"""
_ITEM_FROM = f"""FROM supervision_item i JOIN supervision_plan p ON p.id = i.plan_id
    JOIN unit u ON u.code = i.unit_code {LATEST}"""
_ITEMS = text(f"SELECT {_ITEM_COLUMNS} {_ITEM_FROM} WHERE i.plan_id = :id AND {SEEN} ORDER BY i.ordinal")
_ITEM = text(f"SELECT {_ITEM_COLUMNS}, {_IN_SCOPE} AS in_scope, {SEEN} AS is_seen {_ITEM_FROM} WHERE i.id = :id")
_DRAWN = text("SELECT subject, form, stratum, why FROM supervision_item WHERE plan_id = :id ORDER BY ordinal")


def take_turn(session: Session) -> None:
    """Wait until nobody else draws: a plan sent twice at the same time is drawn once."""
    session.execute(_TURN)


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store a plan; `rules` and `population` are plain values."""
    known = {name: json.dumps(values[name], ensure_ascii=False) for name in ("rules", "population")}
    session.execute(_INSERT, {**values, **known})


def insert_items(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Store what was drawn."""
    listed = [{**row, "why": json.dumps(row["why"], ensure_ascii=False)} for row in rows]
    if listed:
        session.execute(_INSERT_ITEM, listed)


def one(session: Session, scope: Scope, sees_open: bool, plan_id: UUID) -> Row[Any] | None:
    """A plan with how much of it in the scope was drawn and done; None when there is none. `is_seen`: by the asker."""
    return session.execute(_ONE, {**scope.params(), "sees_open": sees_open, "id": plan_id}).first()


def page(
    session: Session, scope: Scope, sees_open: bool, unit_path: str | None, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many plans the asker sees at or below a unit, and some of them, newest first."""
    values = {**scope.params(), "sees_open": sees_open, "unit_path": unit_path}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def kept(session: Session, plan_id: UUID) -> tuple[bytes, bytes]:
    """The packed candidates of a plan, and their digest."""
    row = session.execute(_KEPT, {"id": plan_id}).one()
    return bytes(row.candidates), bytes(row.population_digest)


def drawn(session: Session, plan_id: UUID) -> Sequence[Row[Any]]:
    """subject, form, stratum, why of everything a plan drew, in order."""
    return session.execute(_DRAWN, {"id": plan_id}).all()


def lock(session: Session, plan_id: UUID) -> Any:
    """Hold a plan until the transaction ends; when it was finished, None while it is not."""
    return session.execute(_LOCK, {"id": plan_id}).scalar_one()


def finish(session: Session, plan_id: UUID) -> None:
    """Close a plan."""
    session.execute(_FINISH, {"id": plan_id})


def items(session: Session, scope: Scope, sees_open: bool, plan_id: UUID) -> Sequence[Row[Any]]:
    """What a plan drew, as far as the asker sees it, each with its newest answer."""
    return session.execute(_ITEMS, {**scope.params(), "sees_open": sees_open, "id": plan_id}).all()


def item(session: Session, scope: Scope, sees_open: bool, item_id: UUID) -> Row[Any] | None:
    """One item with its newest answer; None when there is none. `in_scope`, `is_seen`: of the asker."""
    return session.execute(_ITEM, {**scope.params(), "sees_open": sees_open, "id": item_id}).first()
