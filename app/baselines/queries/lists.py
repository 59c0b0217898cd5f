"""SQL of lists as a whole: coming in, how they stand, what was done to them."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import GRIDS, UNITS, Scope

_ROW_IN_SCOPE = GRIDS.format(path="r.unit_path", grid="r.grid_code")
_LIST_IN_SCOPE = UNITS.format(path="b.unit_path")
_COLUMNS = f"""b.id, b.name, b.kind, b.department, b.as_of, b.unit_code, b.unit_path::text AS unit_path, b.file_name,
    b.file_digest, b.encoding, b.mapping, b.datum, b.report, b.state, b.failure, b.stage_done, b.stage_total,
    b.row_count, b.matched_at, b.withdrawn_at, b.withdrawn_by, b.withdrawn_why, b.created_at, b.created_by,
    {_LIST_IN_SCOPE} AS is_mine"""
_SEEN = f"""({_LIST_IN_SCOPE} OR EXISTS (SELECT FROM baseline_row r WHERE r.baseline_id = b.id AND {_ROW_IN_SCOPE}))"""

_INSERT = text(
    """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest, encoding,
        mapping, datum, report, row_count, stage_total, created_by)
    VALUES (:id, :name, :kind, :department, :as_of, :unit_code, CAST(:unit_path AS ltree), :file_name, :file_digest,
        :encoding, CAST(:mapping AS jsonb), :datum, CAST(:report AS jsonb), :row_count, :row_count, :created_by)
    ON CONFLICT (id) DO NOTHING RETURNING id"""
)
_INSERT_ROWS = text(
    """INSERT INTO baseline_row (baseline_id, row_number, name, uscc, uscc_valid, address, contact, place, unit_path,
        grid_code, extra, findings)
    SELECT :baseline_id, v.row_number, v.name, v.uscc, v.uscc_valid, v.address, v.contact,
        ST_SetSRID(ST_MakePoint(v.lon, v.lat), 4326), CAST(v.unit_path AS ltree), v.grid_code, CAST(v.extra AS jsonb),
        COALESCE(string_to_array(v.findings, E'\\n'), '{}')
    FROM unnest(CAST(:row_number AS integer[]), CAST(:name AS text[]), CAST(:uscc AS text[]),
        CAST(:uscc_valid AS boolean[]), CAST(:address AS text[]), CAST(:contact AS text[]), CAST(:lon AS float8[]),
        CAST(:lat AS float8[]), CAST(:unit_path AS text[]), CAST(:grid_code AS text[]), CAST(:extra AS text[]),
        CAST(:findings AS text[]))
        AS v(row_number, name, uscc, uscc_valid, address, contact, lon, lat, unit_path, grid_code, extra, findings)"""
)
# One unit after the other: its outline is prepared once for all points.
_UNITS_AT = text(
    """SELECT DISTINCT ON (p.at) p.at, u.path::text AS path
    FROM unit u JOIN LATERAL (
        SELECT v.at, ST_SetSRID(ST_MakePoint(v.lon, v.lat), 4326) AS geom
        FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS v(lon, lat, at)
    ) p ON u.geom && p.geom AND ST_Covers(u.geom, p.geom)
    WHERE u.path <@ CAST(:within AS ltree)
    ORDER BY p.at, nlevel(u.path) DESC, u.code"""
)
_GRIDS_AT = text(
    """SELECT DISTINCT ON (p.at) p.at, g.code
    FROM grid g JOIN unit u ON u.code = g.unit_code JOIN LATERAL (
        SELECT v.at, ST_SetSRID(ST_MakePoint(v.lon, v.lat), 4326) AS geom
        FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY AS v(lon, lat, at)
    ) p ON g.geom && p.geom AND ST_Covers(g.geom, p.geom)
    WHERE u.path <@ CAST(:within AS ltree) AND g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
    ORDER BY p.at, g.code"""
)
_ONE = text(f"SELECT {_COLUMNS}, {_SEEN} AS is_seen FROM baseline b WHERE b.id = :id")  # noqa: S608
_LOCKED = text(f"SELECT {_COLUMNS}, {_SEEN} AS is_seen FROM baseline b WHERE b.id = :id FOR NO KEY UPDATE OF b")  # noqa: S608
_LISTED = text(
    f"""SELECT {_COLUMNS} FROM baseline b WHERE {_SEEN}
        AND (CAST(:kind AS text) IS NULL OR b.kind = :kind)
        AND (:with_withdrawn OR b.withdrawn_at IS NULL)
    ORDER BY b.created_at DESC, b.id LIMIT :limit OFFSET :skip"""  # noqa: S608
)
_COUNT = text(
    f"""SELECT count(*) FROM baseline b WHERE {_SEEN} AND (CAST(:kind AS text) IS NULL OR b.kind = :kind)
        AND (:with_withdrawn OR b.withdrawn_at IS NULL)"""  # noqa: S608
)
_SAME_FILE = text(
    """SELECT id, name, created_at FROM baseline
    WHERE file_digest = :digest AND unit_code = :unit_code AND kind = :kind AND withdrawn_at IS NULL
    ORDER BY created_at LIMIT 1"""
)
_EVENTS = text(
    """SELECT kind, words, by_name, at, from_state, to_state FROM baseline_event
    WHERE baseline_id = :id AND row_id IS NULL ORDER BY id DESC LIMIT 50"""
)
_ROW_EVENTS = text(
    """SELECT kind, words, by_name, at, from_state, to_state FROM baseline_event
    WHERE row_id = :row_id ORDER BY id DESC LIMIT 50"""
)
_ADD_EVENT = text(
    """INSERT INTO baseline_event (baseline_id, row_id, kind, from_state, to_state, facts, words, by_account, by_name)
    VALUES (:baseline_id, :row_id, :kind, :from_state, :to_state, CAST(:facts AS jsonb), :words, :by_account,
        :by_name)"""
)
_WITHDRAW = text(
    """UPDATE baseline SET withdrawn_at = now(), withdrawn_by = :by_name, withdrawn_why = :why
    WHERE id = :id AND withdrawn_at IS NULL"""
)
_WAIT = text("UPDATE baseline SET state = 'waiting', stage_done = 0, failure = NULL WHERE id = :id")
# Of sites that are still there, and tenants that have not left.
_TARGETS = text(
    f"""SELECT DISTINCT r.site_id, r.tenancy_id FROM baseline_row r
    JOIN site s ON s.id = r.site_id LEFT JOIN tenancy t ON t.id = r.tenancy_id
    WHERE r.baseline_id = ANY(:ids) AND r.state = 'matched' AND s.removed_on IS NULL AND {_ROW_IN_SCOPE}
      AND (r.tenancy_id IS NULL OR t.ended_on IS NULL OR t.ended_on > :on)"""  # noqa: S608
)
CHECKED = """(r.state = 'absent' OR (r.state = 'matched' AND (
    (r.tenancy_id IS NULL AND r.site_id = ANY(CAST(:checked_sites AS uuid[])))
    OR r.tenancy_id = ANY(CAST(:checked_tenancies AS uuid[])))))"""
_FIGURES = text(
    f"""SELECT r.baseline_id AS id, count(*) AS rows,
        count(*) FILTER (WHERE r.state = 'matched') AS matched,
        count(*) FILTER (WHERE r.state = 'doubtful') AS doubtful,
        count(*) FILTER (WHERE r.state = 'unmatched') AS unmatched,
        count(*) FILTER (WHERE r.state = 'absent') AS absent,
        count(*) FILTER (WHERE r.state = 'matched' AND {CHECKED}) AS matched_checked,
        count(*) FILTER (WHERE {CHECKED}) AS checked,
        count(*) FILTER (WHERE r.place IS NOT NULL OR s.place IS NOT NULL) AS placed
    FROM baseline_row r LEFT JOIN site s ON s.id = r.site_id
    WHERE r.baseline_id = ANY(:ids) AND {_ROW_IN_SCOPE} GROUP BY r.baseline_id"""  # noqa: S608
)
_BOUNDS = text(
    f"""SELECT ST_XMin(e.box) AS west, ST_YMin(e.box) AS south, ST_XMax(e.box) AS east, ST_YMax(e.box) AS north
    FROM (SELECT ST_Extent(COALESCE(r.place, s.place)) AS box FROM baseline_row r LEFT JOIN site s ON s.id = r.site_id
          WHERE r.baseline_id = :id AND {_ROW_IN_SCOPE}) e"""  # noqa: S608
)


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a list without its rows; false when the id is known already."""
    return session.execute(_INSERT, values).first() is not None


def insert_rows(session: Session, baseline_id: UUID, columns: dict[str, list[Any]]) -> None:
    """Store rows, given by column."""
    session.execute(_INSERT_ROWS, {"baseline_id": baseline_id, **columns})


def units_at(session: Session, lon: list[float], lat: list[float], within: str) -> dict[int, str]:
    """Path of the smallest unit at or below a unit that holds each WGS-84 place, by its position; none has no entry."""
    rows = session.execute(_UNITS_AT, {"lon": lon, "lat": lat, "within": within})
    return {row.at - 1: row.path for row in rows}


def grids_at(session: Session, lon: list[float], lat: list[float], within: str, on: Any) -> dict[int, str]:
    """Code of the grid of a day that holds each WGS-84 place, by its position; none has no entry."""
    rows = session.execute(_GRIDS_AT, {"lon": lon, "lat": lat, "within": within, "on": on})
    return {row.at - 1: row.code for row in rows}


def one(session: Session, scope: Scope, baseline_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """A list with `is_seen`: whether some of it lies in a scope; None when there is none."""
    return session.execute(_LOCKED if lock else _ONE, {"id": baseline_id, **scope.params()}).first()


def listed(
    session: Session, scope: Scope, kind: str | None, with_withdrawn: bool, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many lists there are with rows in a scope, and a page of them, newest first."""
    asked = {"kind": kind, "with_withdrawn": with_withdrawn, **scope.params()}
    rows = session.execute(_LISTED, {**asked, "limit": limit, "skip": skip}).all()
    return int(session.execute(_COUNT, asked).scalar_one()), rows


def same_file(session: Session, digest: bytes, unit_code: str, kind: str) -> Row[Any] | None:
    """A list in force that came from the same file for the same unit; None when there is none."""
    return session.execute(_SAME_FILE, {"digest": digest, "unit_code": unit_code, "kind": kind}).first()


def events(session: Session, baseline_id: UUID) -> Sequence[Row[Any]]:
    """What people did to a list as a whole, newest first."""
    return session.execute(_EVENTS, {"id": baseline_id}).all()


def row_events(session: Session, row_id: int) -> Sequence[Row[Any]]:
    """What people did to a row, newest first."""
    return session.execute(_ROW_EVENTS, {"row_id": row_id}).all()


def add_event(session: Session, values: dict[str, Any]) -> None:
    """Write down what somebody did."""
    defaults = {"row_id": None, "from_state": None, "to_state": None, "words": None}
    facts = json.dumps(values.pop("facts", {}), ensure_ascii=False)
    session.execute(_ADD_EVENT, {**defaults, **values, "facts": facts})


def withdraw(session: Session, baseline_id: UUID, by_name: str, why: str) -> None:
    """Take a list out of force."""
    session.execute(_WITHDRAW, {"id": baseline_id, "by_name": by_name, "why": why})


def wait(session: Session, baseline_id: UUID) -> None:
    """Let a list wait for its matching."""
    session.execute(_WAIT, {"id": baseline_id})


def targets(session: Session, scope: Scope, ids: Sequence[UUID], on: Any) -> tuple[set[UUID], set[UUID]]:
    """Sites (of rows matched with no tenant) and tenancies that rows of lists are matched with and that still hold."""
    rows = session.execute(_TARGETS, {"ids": list(ids), "on": on, **scope.params()}).all()
    sites = {row.site_id for row in rows if row.tenancy_id is None}
    return sites, {row.tenancy_id for row in rows if row.tenancy_id is not None}


def figures(session: Session, scope: Scope, ids: Sequence[UUID], checked: dict[str, Any]) -> dict[UUID, Row[Any]]:
    """Counts of the rows of each list in a scope; one without any has no entry."""
    return {row.id: row for row in session.execute(_FIGURES, {"ids": list(ids), **checked, **scope.params()})}


def bounds(session: Session, scope: Scope, baseline_id: UUID) -> tuple[float, float, float, float] | None:
    """The box (WGS-84 degrees) of what can be placed; None when nothing can."""
    row = session.execute(_BOUNDS, {"id": baseline_id, **scope.params()}).one()
    return None if row.west is None else (row.west, row.south, row.east, row.north)
