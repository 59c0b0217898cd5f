"""SQL of what can be drawn, and of how much was checked and found where."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_CASES = text(
    """SELECT 'case:' || c.id AS subject, c.number || ' ' || c.party_name AS name, c.address, c.unit_code,
        c.unit_path::text AS unit_path, ST_X(c.place) AS lon, ST_Y(c.place) AS lat, c.category, c.site_id,
        c.state IN ('closed', 'struck_off') AS is_finished
    FROM case_file c WHERE c.unit_path <@ CAST(:unit_path AS ltree) AND c.found_on <= :on ORDER BY c.id"""
)
_CURRENT = "t.started_on <= :on AND (t.ended_on IS NULL OR t.ended_on > :on)"
_SITES = text(
    f"""SELECT 'site:' || s.id AS subject, s.name, s.address, COALESCE(s.unit_code, s.stated_unit_code) AS unit_code,
        u.path::text AS unit_path, ST_X(s.place) AS lon, ST_Y(s.place) AS lat, s.id AS site_id,
        s.dust_kind IS NOT NULL AS is_dust, s.occupancy IN ('shut_down', 'zombie') AS is_shut_down,
        s.occupancy = 'multi_tenant' OR EXISTS (SELECT FROM tenancy t WHERE t.site_id = s.id AND {_CURRENT}) AS is_let
    FROM site s JOIN unit u ON u.code = COALESCE(s.unit_code, s.stated_unit_code)
    WHERE u.path <@ CAST(:unit_path AS ltree) AND s.removed_on IS NULL ORDER BY s.id"""  # noqa: S608 - constants
)
# Over a year: sites that somebody entered, and problems that were found, by the unit they lie in.
_CHECKED = text(
    """SELECT s.unit_path::text AS path, count(DISTINCT s.id) AS number FROM visit v JOIN site s ON s.id = v.site_id
    WHERE v.state = 'accepted' AND v.result <> 'not_entered' AND s.removed_on IS NULL
      AND v.day > CAST(:on AS date) - DATE '2000-01-01' - 365 AND v.day <= CAST(:on AS date) - DATE '2000-01-01'
      AND s.unit_path <@ CAST(:unit_path AS ltree) GROUP BY s.unit_path"""
)
_PROBLEMS = text(
    """SELECT c.unit_path::text AS path, count(*) AS number FROM case_file c
    WHERE c.found_on > CAST(:on AS date) - 365 AND c.found_on <= :on AND c.unit_path <@ CAST(:unit_path AS ltree)
    GROUP BY c.unit_path"""
)


class Found(NamedTuple):
    """Sites checked and problems found within a year."""

    checked: int
    problems: int


def cases(session: Session, unit_path: str, on: date) -> Sequence[Row[Any]]:
    """subject, name, address, unit_code, unit_path, lon, lat, category, site_id, is_finished of the cases of a unit."""
    return session.execute(_CASES, {"unit_path": unit_path, "on": on}).all()


def sites(session: Session, unit_path: str, on: date) -> Sequence[Row[Any]]:
    """subject, name, address, unit_code, unit_path, lon, lat, site_id, is_dust, is_shut_down, is_let of the sites."""
    return session.execute(_SITES, {"unit_path": unit_path, "on": on}).all()


def found(session: Session, unit_path: str, on: date, paths: Iterable[str]) -> dict[str, Found]:
    """What was checked and found at or below each of some paths within the unit."""
    values = {"unit_path": unit_path, "on": on}
    checked = {row.path: int(row.number) for row in session.execute(_CHECKED, values)}
    problems = {row.path: int(row.number) for row in session.execute(_PROBLEMS, values)}
    return {path: Found(_below(checked, path), _below(problems, path)) for path in paths}


def _below(numbers: dict[str, int], path: str) -> int:
    return sum(number for own, number in numbers.items() if own == path or own.startswith(f"{path}."))
