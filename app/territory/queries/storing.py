"""What an import compares with, and its bulk writes: one statement for any number of rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

# One import at a time: it reads, decides, and writes what it decided.
TERRITORY_LOCK = 0x7E221702
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
# A phone that has to wait for a long import is told to come again.
_LOCK_BRIEFLY = text("SELECT set_config('lock_timeout', '20s', true), pg_advisory_xact_lock(:key)")

_UNITS = text(
    """SELECT code, name, parent_code, generated, ST_AsBinary(geom) AS geom FROM unit WHERE code = ANY(:codes)"""
)
_ROOT_CODES = text("SELECT code FROM unit WHERE parent_code IS NULL")
_PUT_UNITS = text(
    """INSERT INTO unit (code, name, level, parent_code, path, geom, label_point, area_m2, source_datum, generated,
        import_batch_id)
    SELECT u.code, u.name, u.level, u.parent_code, u.path::ltree, ST_GeomFromWKB(u.geom, 4326),
        ST_GeomFromWKB(u.label_point, 4326), u.area_m2, :datum, :generated, :batch
    FROM unnest(CAST(:code AS text[]), CAST(:name AS text[]), CAST(:level AS text[]), CAST(:parent_code AS text[]),
        CAST(:path AS text[]), CAST(:geom AS bytea[]), CAST(:label_point AS bytea[]), CAST(:area_m2 AS float8[]))
        AS u (code, name, level, parent_code, path, geom, label_point, area_m2)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent_code = excluded.parent_code, geom = excluded.geom,
        label_point = excluded.label_point, area_m2 = excluded.area_m2, source_datum = excluded.source_datum,
        generated = excluded.generated, import_batch_id = excluded.import_batch_id"""
)
_ADOPT = text(
    """UPDATE unit SET parent_code = a.parent_code
    FROM unnest(CAST(:code AS text[]), CAST(:parent_code AS text[])) AS a (code, parent_code)
    WHERE unit.code = a.code"""
)
_LATEST_GRIDS = text(
    """SELECT DISTINCT ON (code) id, code, name, unit_code, risk, cycle_days, generated, valid_from, valid_to,
        ST_AsBinary(geom) AS geom
    FROM grid WHERE code = ANY(:codes) ORDER BY code, valid_from DESC"""
)
_OPEN_GRIDS_WITHIN = text(
    """SELECT g.id, g.code, g.name, g.unit_code, g.valid_from, ST_AsBinary(g.geom) AS geom
    FROM grid g JOIN unit u ON u.code = g.unit_code
    WHERE g.valid_to IS NULL AND u.path <@ CAST(:path AS ltree) ORDER BY g.code"""
)
_CLOSE_GRIDS = text("UPDATE grid SET valid_to = :day WHERE id = ANY(:ids)")
_GRID_ARRAYS = """unnest(CAST(:id AS bigint[]), CAST(:code AS text[]), CAST(:name AS text[]),
        CAST(:unit_code AS text[]), CAST(:risk AS text[]), CAST(:cycle_days AS integer[]), CAST(:geom AS bytea[]),
        CAST(:label_point AS bytea[]), CAST(:area_m2 AS float8[]))
        AS n (id, code, name, unit_code, risk, cycle_days, geom, label_point, area_m2)"""
_ADD_GRIDS = text(
    f"""INSERT INTO grid (code, name, unit_code, risk, cycle_days, geom, label_point, area_m2, source_datum, generated,
        valid_from, import_batch_id)
    SELECT n.code, n.name, n.unit_code, n.risk, n.cycle_days, ST_GeomFromWKB(n.geom, 4326),
        ST_GeomFromWKB(n.label_point, 4326), n.area_m2, :datum, :generated, :day, :batch
    FROM {_GRID_ARRAYS}"""  # noqa: S608
)
_REWRITE_GRIDS = text(
    f"""UPDATE grid SET name = n.name, unit_code = n.unit_code, risk = n.risk, cycle_days = n.cycle_days,
        geom = ST_GeomFromWKB(n.geom, 4326), label_point = ST_GeomFromWKB(n.label_point, 4326), area_m2 = n.area_m2,
        source_datum = :datum, generated = :generated, import_batch_id = :batch
    FROM {_GRID_ARRAYS} WHERE grid.id = n.id AND :day = grid.valid_from"""  # noqa: S608
)
_OFFICERS = text("SELECT code, name, phone FROM officer WHERE code = ANY(:codes)")
_PUT_OFFICERS = text(
    """INSERT INTO officer (code, name, phone)
    SELECT * FROM unnest(CAST(:code AS text[]), CAST(:name AS text[]), CAST(:phone AS text[]))
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, phone = excluded.phone"""
)
_OPEN_DUTIES = text(
    "SELECT grid_code, officer_code, valid_from FROM grid_officer WHERE valid_to IS NULL AND grid_code = ANY(:codes)"
)
_DUTY_ENDS = text(
    """SELECT grid_code, max(valid_to) AS ended FROM grid_officer
    WHERE valid_to IS NOT NULL AND grid_code = ANY(:codes) GROUP BY grid_code"""
)
_DUTY_ARRAYS = "unnest(CAST(:grid_code AS text[]), CAST(:officer_code AS text[])) AS n (grid_code, officer_code)"
_DROP_DUTIES = text(
    f"""DELETE FROM grid_officer d USING {_DUTY_ARRAYS}
    WHERE d.grid_code = n.grid_code AND d.officer_code = n.officer_code AND d.valid_to IS NULL
      AND d.valid_from = :day"""  # noqa: S608
)
_END_DUTIES = text(
    f"""UPDATE grid_officer d SET valid_to = :day FROM {_DUTY_ARRAYS}
    WHERE d.grid_code = n.grid_code AND d.officer_code = n.officer_code AND d.valid_to IS NULL"""  # noqa: S608
)
# A duty that ended on the very day goes on instead of starting anew.
_RESUME_DUTIES = text(
    f"""UPDATE grid_officer d SET valid_to = NULL FROM {_DUTY_ARRAYS}
    WHERE d.grid_code = n.grid_code AND d.officer_code = n.officer_code AND d.valid_to = :day"""  # noqa: S608
)
_START_DUTIES = text(
    f"""INSERT INTO grid_officer (grid_code, officer_code, valid_from)
    SELECT n.grid_code, n.officer_code, :day FROM {_DUTY_ARRAYS}
    WHERE NOT EXISTS (SELECT 1 FROM grid_officer d WHERE d.grid_code = n.grid_code
        AND d.officer_code = n.officer_code AND d.valid_to IS NULL)"""  # noqa: S608
)


def lock(session: Session) -> None:
    """Wait until no other import is under way; held to the end of the transaction."""
    session.execute(_LOCK, {"key": TERRITORY_LOCK})


def lock_briefly(session: Session) -> None:
    """`lock`, given up after some seconds (OperationalError)."""
    session.execute(_LOCK_BRIEFLY, {"key": TERRITORY_LOCK})


def units(session: Session, codes: Iterable[str]) -> dict[str, Row[Any]]:
    """code, name, parent_code, generated, geom (WKB) of units that exist."""
    return {row.code: row for row in session.execute(_UNITS, {"codes": list(codes)})}


def root_codes(session: Session) -> list[str]:
    """Codes of units without a stored unit above."""
    return list(session.execute(_ROOT_CODES).scalars())


def put_units(session: Session, columns: dict[str, list[Any]], datum: str, generated: bool, batch: UUID) -> None:
    """Add or replace units; parents may be among them."""
    session.execute(_PUT_UNITS, {**columns, "datum": datum, "generated": generated, "batch": batch})


def adopt(session: Session, parent_of: dict[str, str]) -> None:
    """Put roots below the units that have arrived above them."""
    if parent_of:
        session.execute(_ADOPT, {"code": list(parent_of), "parent_code": list(parent_of.values())})


def latest_grids(session: Session, codes: Iterable[str]) -> dict[str, Row[Any]]:
    """The newest version of each grid, open or closed, with geom (WKB)."""
    return {row.code: row for row in session.execute(_LATEST_GRIDS, {"codes": list(codes)})}


def open_grids_within(session: Session, path: str) -> Sequence[Row[Any]]:
    """id, code, name, unit_code, valid_from, geom (WKB) of open grids at or below a path."""
    return session.execute(_OPEN_GRIDS_WITHIN, {"path": path}).all()


def close_grids(session: Session, ids: list[int], day: date) -> None:
    """End versions on a day (exclusive)."""
    if ids:
        session.execute(_CLOSE_GRIDS, {"ids": ids, "day": day})


def write_grids(
    session: Session,
    columns: dict[str, list[Any]],
    day: date,
    datum: str,
    generated: bool,
    batch: UUID,
    *,
    rewrite: bool,
) -> None:
    """Add versions valid from a day, or (`rewrite`) replace in place those that began on that very day."""
    if columns["code"]:
        statement = _REWRITE_GRIDS if rewrite else _ADD_GRIDS
        values = {**columns, "day": day, "datum": datum, "generated": generated, "batch": batch}
        if not rewrite:
            values["id"] = [None] * len(columns["code"])
        session.execute(statement, values)


def officers(session: Session, codes: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """(name, phone) of officers that exist."""
    return {row.code: (row.name, row.phone) for row in session.execute(_OFFICERS, {"codes": list(codes)})}


def put_officers(session: Session, rows: list[tuple[str, str, str | None]]) -> None:
    """Add or replace officers given as (code, name, phone)."""
    if rows:
        code, name, phone = zip(*rows, strict=True)
        session.execute(_PUT_OFFICERS, {"code": list(code), "name": list(name), "phone": list(phone)})


def open_duties(session: Session, grid_codes: Iterable[str]) -> dict[str, dict[str, date]]:
    """For each grid its officers now, with the day each began."""
    duties: dict[str, dict[str, date]] = {}
    for row in session.execute(_OPEN_DUTIES, {"codes": list(grid_codes)}):
        duties.setdefault(row.grid_code, {})[row.officer_code] = row.valid_from
    return duties


def duty_ends(session: Session, grid_codes: Iterable[str]) -> dict[str, date]:
    """The last day on which a duty of each grid ended, where one did."""
    return {row.grid_code: row.ended for row in session.execute(_DUTY_ENDS, {"codes": list(grid_codes)})}


def end_duties(session: Session, duties: list[tuple[str, str]], day: date) -> None:
    """End duties (grid, officer) on a day; those that began that day never were."""
    if duties:
        values = {"grid_code": [g for g, _ in duties], "officer_code": [o for _, o in duties], "day": day}
        session.execute(_DROP_DUTIES, values)
        session.execute(_END_DUTIES, values)


def start_duties(session: Session, duties: list[tuple[str, str]], day: date) -> None:
    """Begin duties (grid, officer) on a day."""
    if duties:
        values = {"grid_code": [g for g, _ in duties], "officer_code": [o for _, o in duties], "day": day}
        session.execute(_RESUME_DUTIES, values)
        session.execute(_START_DUTIES, values)
