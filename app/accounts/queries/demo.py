"""The demo's accounts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_LOGINS = text(
    """SELECT a.id, a.username, a.role,
        ARRAY(SELECT u.name FROM account_scope c JOIN unit u ON u.code = c.unit_code
              WHERE c.account_id = a.id ORDER BY u.path) AS units,
        ARRAY(SELECT g.name FROM grid_officer o JOIN grid g ON g.code = o.grid_code AND g.valid_to IS NULL
              WHERE a.role = 'officer' AND o.officer_code = a.officer_code
                AND o.valid_from <= :today AND (o.valid_to IS NULL OR o.valid_to > :today)
              ORDER BY g.code) AS grids
    FROM account a WHERE a.is_demo ORDER BY a.id"""
)


def logins(session: Session, today: date) -> Sequence[Row[Any]]:
    """The demo's accounts with the names of their units and grids, in the order they were made."""
    return session.execute(_LOGINS, {"today": today}).all()
