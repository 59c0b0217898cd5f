"""SQL of cases for the official forms."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cases.queries.parts import IS_COMPLETE, IS_FINISHED
from app.cases.schemas.forms import CaseForForms
from app.scope import UNITS, Scope

_ABOVE = "(SELECT v.name FROM unit v WHERE v.path @> c.unit_path AND v.level = '{level}' ORDER BY v.path LIMIT 1)"
_COLUMNS = f"""c.id, c.number, c.unit_code, u.name AS unit_name, c.unit_path::text AS unit_path,
    {_ABOVE.format(level="county")} AS county_name, {_ABOVE.format(level="town")} AS town_name,
    c.party_name, c.party_uscc, c.category, c.chemical_kind, c.address, ST_X(c.place) AS lon, ST_Y(c.place) AS lat,
    c.responsible_name, c.responsible_phone, c.stages, c.chemicals, c.description, c.measures, c.way_to_close,
    c.is_shut, c.is_suspended, c.is_dismantled, c.found_on, c.deadline, c.state, c.closed_on,
    {IS_FINISHED} AS is_finished, {IS_COMPLETE} AS is_complete, c.relapses, c.filed_on, c.fine_wan, c.fined_on,
    c.confiscated_wan, c.confiscated_on, c.transferred_persons, c.transferred_on, c.detained_persons,
    c.disciplined_persons, c.supervised_level, c.handler_name, c.handler_phone"""
_FOR_FORMS = text(
    f"""SELECT {_COLUMNS} FROM case_file c JOIN unit u ON u.code = c.unit_code
    WHERE {UNITS.format(path="c.unit_path")} AND c.unit_path <@ CAST(:unit_path AS ltree)
      AND c.found_on <= :last_day AND (CAST(:first_day AS date) IS NULL OR c.found_on >= :first_day)
    ORDER BY c.found_on, c.number"""  # noqa: S608 - constants
)


def for_forms(
    session: Session, scope: Scope, unit_path: str, first_day: date | None, last_day: date
) -> list[CaseForForms]:
    """Cases at or below a unit found on some days (both included; None: from the beginning on), in that order."""
    values = {"unit_path": unit_path, "first_day": first_day, "last_day": last_day, **scope.params()}
    return [CaseForForms(**row._mapping) for row in session.execute(_FOR_FORMS, values)]
