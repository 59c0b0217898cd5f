"""SQL of who should be out today, and who was."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_IN_CHARGE = text(
    """SELECT g.code AS grid_code, g.name AS grid_name, u.code AS unit_code, u.path::text AS path,
        o.code AS officer_code, o.name AS officer_name, o.phone
    FROM grid g
    JOIN unit u ON u.code = g.unit_code
    LEFT JOIN grid_officer d ON d.grid_code = g.code
        AND d.valid_from <= :on AND (d.valid_to IS NULL OR d.valid_to > :on)
    LEFT JOIN officer o ON o.code = d.officer_code
    WHERE g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on) AND u.path <@ CAST(:path AS ltree)
    ORDER BY g.code, d.valid_from DESC, o.code"""
)
# A patrol that began the evening before and ended today counts for today; none is longer than two days.
_PATROLLED = text(
    """SELECT officer_code, count(*) AS patrols, max(ended_at) AS last_ended_at
    FROM patrol WHERE started_at >= CAST(:since AS timestamptz) - interval '2 days' AND started_at < :until
      AND ended_at >= :since AND state = 'accepted' AND officer_code = ANY(:officers)
    GROUP BY officer_code"""
)
_REPORTED = text(
    """SELECT DISTINCT ON (officer_code) officer_code, mode, state, started_at, updated_at, length_m, minutes,
        state <> 'stopped' AND updated_at > now() - make_interval(secs => :fresh_s) AS is_out
    FROM patrol_progress WHERE updated_at >= :since AND officer_code = ANY(:officers)
    ORDER BY officer_code, updated_at DESC"""
)


def in_charge(session: Session, path: str, on: date) -> Sequence[Row[Any]]:
    """Each grid at or below a path on a day with each officer in charge, the one that came last first; a grid without
    any has one row with officer_code None."""
    return session.execute(_IN_CHARGE, {"path": path, "on": on}).all()


def patrolled(session: Session, officers: list[str], since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """officer_code, patrols, last_ended_at of officers whose accepted patrols touch a span of time."""
    return session.execute(_PATROLLED, {"officers": officers, "since": since, "until": until}).all()


def reported(session: Session, officers: list[str], since: datetime, fresh_s: float) -> Sequence[Row[Any]]:
    """What the phone of each officer last reported since an instant; `is_out`: it does so still."""
    return session.execute(_REPORTED, {"officers": officers, "since": since, "fresh_s": fresh_s}).all()
