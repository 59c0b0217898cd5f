"""SQL of the lists that are exported. Each gives its rows within a scope, at or below a unit when one is named."""

from collections.abc import Mapping
from typing import Any

import shapely
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.exporting import MAX_ROWS
from app.scope import PLACES, UNITS, Scope

# The names of town and village, once for each unit.
_REGIONS = """WITH region AS (
    SELECT u.path, COALESCE(string_agg(a.name, '' ORDER BY a.path) FILTER (WHERE a.level IN ('town', 'village')),
        max(u.name)) AS name
    FROM unit u JOIN unit a ON a.path @> u.path GROUP BY u.path)"""


def _within(path: str, scope: str) -> str:
    """Part of a WHERE: in the scope, and at or below the unit asked for, if any."""
    return f"{scope} AND (CAST(:unit_path AS ltree) IS NULL OR {path} <@ CAST(:unit_path AS ltree))"


_END = f"LIMIT {MAX_ROWS + 1}"
_SITES = text(
    f"""{_REGIONS} SELECT s.id, s.code, s.name, s.kind, s.occupancy, s.shut_down_kind, r.name AS region, s.grid_code,
        s.address, s.uscc, s.risk, s.cycle_days, s.lessor_name, s.lessor_phone, s.dust_kind, s.dust_confirmed_by,
        s.dust_confirmed_on, s.safety_officer, s.provenance, ST_X(s.place) AS lon, ST_Y(s.place) AS lat,
        ST_AsBinary(COALESCE(s.outline, s.place)) AS geometry
    FROM site s LEFT JOIN region r ON r.path = s.unit_path
    WHERE s.removed_on IS NULL AND {_within("s.unit_path", UNITS.format(path="s.unit_path"))}
    ORDER BY s.unit_path, s.code {_END}"""  # noqa: S608 - constants
)
_TENANCIES = text(
    f"""{_REGIONS} SELECT s.code AS site_code, s.name AS site_name, r.name AS region, s.address, t.tenant_name, t.uscc,
        p.tenant_name AS let_by, t.contact_name, t.contact_phone, t.floor_unit, t.area_m2, t.process, t.main_risks,
        t.chemicals, t.lease_from, t.lease_to, t.sublets, t.state, t.started_on, t.ended_on, t.ended_why,
        ST_X(s.place) AS lon, ST_Y(s.place) AS lat, ST_AsBinary(s.place) AS geometry
    FROM tenancy t JOIN site s ON s.id = t.site_id LEFT JOIN tenancy p ON p.id = t.parent_id
    LEFT JOIN region r ON r.path = s.unit_path
    WHERE s.removed_on IS NULL AND {_within("s.unit_path", UNITS.format(path="s.unit_path"))}
    ORDER BY s.unit_path, s.code, t.started_on, t.id {_END}"""  # noqa: S608 - constants
)
_VISITS = text(
    f"""{_REGIONS} SELECT v.id, v.visited_at, s.code AS site_code, s.name AS site_name, r.name AS region, s.address,
        v.officer_code, o.name AS officer_name, v.result, v.not_entered_why, v.note, v.distance_m,
        (SELECT count(*) FROM visit_tenancy t WHERE t.visit_id = v.id AND t.seen) AS tenancies_seen,
        (SELECT count(*) FROM visit_tenancy t WHERE t.visit_id = v.id AND NOT t.seen) AS tenancies_not_seen,
        v.state, v.void_reason, ST_X(v.position) AS lon, ST_Y(v.position) AS lat, ST_AsBinary(v.position) AS geometry
    FROM visit v JOIN evidence e ON e.id = v.id JOIN site s ON s.id = v.site_id
    JOIN officer o ON o.code = v.officer_code LEFT JOIN region r ON r.path = s.unit_path
    WHERE {_within("s.unit_path", PLACES.format(paths="e.unit_paths"))}
    ORDER BY v.visited_at DESC, v.id {_END}"""  # noqa: S608 - constants
)
_BASELINE_ROWS = text(
    f"""{_REGIONS} SELECT b.name AS list_name, b.kind, b.department, b.as_of, w.row_number, w.name, w.uscc,
        w.uscc_valid, w.address, w.contact, r.name AS region, w.grid_code, w.state, s.code AS site_code,
        s.name AS site_name, t.tenant_name, w.score, w.reasons, w.decided_by, w.decided_at, w.decided_why,
        ST_X(w.place) AS lon, ST_Y(w.place) AS lat, ST_AsBinary(w.place) AS geometry
    FROM baseline_row w JOIN baseline b ON b.id = w.baseline_id LEFT JOIN site s ON s.id = w.site_id
    LEFT JOIN tenancy t ON t.id = w.tenancy_id LEFT JOIN region r ON r.path = w.unit_path
    WHERE b.withdrawn_at IS NULL AND {_within("w.unit_path", UNITS.format(path="w.unit_path"))}
    ORDER BY b.created_at, b.id, w.row_number {_END}"""  # noqa: S608 - constants
)
_CASES = text(
    f"""{_REGIONS} SELECT c.number, c.party_name, c.party_uscc, c.category, c.chemical_kind, r.name AS region,
        c.grid_code, c.address, c.responsible_name, c.responsible_phone, c.stages, c.chemicals, c.description,
        c.measures, c.way_to_close, c.is_shut, c.is_suspended, c.is_dismantled, c.found_on, c.deadline, c.state,
        c.closed_on, c.relapses, c.handler_name, c.handler_phone, c.supervised_level, c.supervised_on, c.filed_on,
        c.fine_wan, c.fined_on, c.confiscated_wan, c.confiscated_on, c.transferred_persons,
        c.transferred_on, c.detained_persons, c.disciplined_persons, s.code AS site_code,
        ST_X(c.place) AS lon, ST_Y(c.place) AS lat, ST_AsBinary(c.place) AS geometry
    FROM case_file c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN region r ON r.path = c.unit_path
    WHERE {_within("c.unit_path", UNITS.format(path="c.unit_path"))}
    ORDER BY c.found_on, c.number {_END}"""  # noqa: S608 - constants
)
_OF: Mapping[str, TextClause] = {
    "sites": _SITES,
    "tenancies": _TENANCIES,
    "visits": _VISITS,
    "baseline-rows": _BASELINE_ROWS,
    "cases": _CASES,
}


def rows(session: Session, name: str, scope: Scope, unit_path: str | None) -> list[dict[str, Any]]:
    """The rows of a list, one more than may be exported at most; `geometry` is a shapely geometry or None."""
    found = session.execute(_OF[name], {**scope.params(), "unit_path": unit_path}).all()
    shapes = shapely.from_wkb([row.geometry for row in found])
    return [{**row._mapping, "geometry": shape} for row, shape in zip(found, shapes, strict=True)]
