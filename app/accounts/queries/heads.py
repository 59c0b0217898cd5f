"""SQL of who heads a unit, and who works there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_OPEN = "a.disabled_at IS NULL AND (NOT a.is_demo OR :demo)"
_AT_UNIT = f"""
SELECT DISTINCT a.id, a.username, a.name, a.role FROM account a JOIN account_scope s ON s.account_id = a.id
WHERE {_OPEN} AND (s.unit_code = :code OR (:top AND s.unit_code IS NULL AND s.grid_code IS NULL))
"""  # noqa: S608 - constants
_HEADS = text(f"{_AT_UNIT} AND a.role = 'leader' ORDER BY a.username")
_STAFF = text(f"{_AT_UNIT} AND a.role = ANY(:roles) ORDER BY a.username")


def heads(session: Session, code: str, is_top: bool, demo: bool) -> Sequence[Row[Any]]:
    """Leaders of exactly a unit, by username; of one with none above, also those of everything."""
    return session.execute(_HEADS, {"code": code, "top": is_top, "demo": demo}).all()


def staff(session: Session, code: str, is_top: bool, demo: bool, roles: Sequence[str]) -> Sequence[Row[Any]]:
    """Accounts of some roles at exactly a unit, by username; of one with none above, also those of everything."""
    return session.execute(_STAFF, {"code": code, "top": is_top, "demo": demo, "roles": list(roles)}).all()
