"""Signatures of the level below that are missing, and such as were overtaken by what changed afterwards."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_OF_PERIOD = "a.unit_code = u.code AND a.first_day = :first_day AND a.last_day = :on"
_CHILDREN = text(
    f"""SELECT u.code, u.name, u.path::text AS unit_path, l.state, CAST(l.at AT TIME ZONE :zone AS date) AS since
    FROM unit p JOIN unit u ON u.parent_code = p.code LEFT JOIN LATERAL (
        SELECT a.state, x.at FROM attestation a JOIN chain_entry e ON e.id = a.id
            LEFT JOIN chain_entry x ON x.id = a.state_entry
        WHERE {_OF_PERIOD} ORDER BY e.seq DESC LIMIT 1
    ) l ON true
    WHERE p.path = CAST(:path AS ltree)
      AND NOT EXISTS (SELECT FROM attestation a WHERE {_OF_PERIOD} AND a.state = 'valid')
    ORDER BY u.code"""  # noqa: S608
)
# Not told: what a signature that stands covers anew, what the unit itself is about to sign anew, and the same period of
# the units straight below, of which `_CHILDREN` tells.
_OVERTAKEN = text(
    """SELECT DISTINCT ON (u.code, a.first_day, a.last_day) a.id, u.code, u.name, u.path::text AS unit_path,
        a.first_day, a.last_day, CAST(x.at AT TIME ZONE :zone AS date) AS since
    FROM attestation a JOIN unit u ON u.code = a.unit_code JOIN chain_entry x ON x.id = a.state_entry
    WHERE a.state = 'superseded' AND a.unit_path <@ CAST(:path AS ltree) AND a.last_day <= :on
      AND NOT EXISTS (SELECT FROM attestation v WHERE v.unit_code = a.unit_code AND v.state = 'valid'
                      AND v.first_day <= a.first_day AND v.last_day >= a.last_day)
      AND NOT (a.unit_path = CAST(:path AS ltree) AND a.first_day >= :first_day)
      AND NOT (a.first_day = :first_day AND a.last_day = :on
               AND nlevel(a.unit_path) = nlevel(CAST(:path AS ltree)) + 1)
    ORDER BY u.code, a.first_day, a.last_day, x.seq DESC"""
)


def children_unsigned(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Units straight below without a signature of the period that stands; `state`: of their last one, None: none."""
    return session.execute(_CHILDREN, values).all()


def overtaken(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Signatures at or below the unit that what changed has overtaken and that nobody has given again."""
    return session.execute(_OVERTAKEN, values).all()
