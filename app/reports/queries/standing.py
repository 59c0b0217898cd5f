"""SQL of how cases stood on a day, and of the sites looked into: what the forms count and no case says now."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

# Steps are written in the order of the states they lead to; `on_day` is when they happened. A case that was done before
# it came here (from a list) has only the step of registering it, on the day it was found: `closed_on` says when.
_STANDING = text(
    """WITH step AS (
        SELECT e.id, e.case_id, e.kind, e.from_state, e.to_state, e.on_day FROM case_event e
        WHERE e.case_id = ANY(CAST(:ids AS uuid[])) AND e.on_day <= :on
    ), round AS (
        SELECT case_id, count(*) FILTER (WHERE kind = 'relapsed') AS number FROM step GROUP BY case_id
    )
    SELECT DISTINCT ON (s.case_id) s.case_id,
        CASE WHEN came.done AND c.closed_on > :on THEN 'registered' ELSE s.to_state END AS state,
        CASE WHEN came.done AND c.closed_on <= :on THEN c.closed_on ELSE s.on_day END AS since,
        ARRAY(SELECT i.item FROM closure_item i
            WHERE i.case_id = s.case_id AND i.round = r.number AND i.done_on <= :on AND EXISTS (
                SELECT FROM closure_evidence e JOIN case_attachment a ON a.id = e.attachment_id
                WHERE e.case_id = i.case_id AND e.round = i.round AND e.item = i.item AND a.withdrawn_why IS NULL)
        ) AS items_done
    FROM step s JOIN round r ON r.case_id = s.case_id JOIN case_file c ON c.id = s.case_id
    CROSS JOIN LATERAL (SELECT s.kind = 'registered' AND s.to_state = 'closed' AS done) AS came
    WHERE s.kind = 'registered' OR s.from_state IS DISTINCT FROM s.to_state
    ORDER BY s.case_id, s.id DESC"""
)
_SITES_VISITED = text(
    f"""SELECT s.unit_path::text AS path, count(DISTINCT s.id) AS sites
    FROM visit v JOIN site s ON s.id = v.site_id
    WHERE v.state = 'accepted' AND v.result <> 'not_entered' AND v.day BETWEEN :first_day AND :last_day
      AND s.unit_path <@ CAST(:unit_path AS ltree) AND {UNITS.format(path="s.unit_path")}
    GROUP BY s.unit_path"""  # noqa: S608 - constants
)
_FIRST = date(2000, 1, 1)


class Standing(NamedTuple):
    """A case's state on a day, since when, and the closure items that had day and evidence."""

    state: str
    since: date
    items_done: list[str]


def standings(session: Session, case_ids: Sequence[UUID], on: date) -> dict[UUID, Standing]:
    """How cases stood at the end of a day; one whose steps all came later has no entry."""
    rows = session.execute(_STANDING, {"ids": list(case_ids), "on": on})
    return {row.case_id: Standing(row.state, row.since, list(row.items_done)) for row in rows}


def sites_visited(session: Session, scope: Scope, unit_path: str, first_day: date, last_day: date) -> dict[str, int]:
    """How many sites at or below a unit had a visit that counts on some days, by the path of their unit."""
    values = {
        "unit_path": unit_path,
        "first_day": (first_day - _FIRST).days,
        "last_day": (last_day - _FIRST).days,
        **scope.params(),
    }
    return {row.path: row.sites for row in session.execute(_SITES_VISITED, values)}
