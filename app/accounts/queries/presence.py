"""SQL of what is still valid, for answers that stay open."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_VALID = text(
    """SELECT s.id FROM login_session s JOIN account a ON a.id = s.account_id
    WHERE s.id = ANY(:ids) AND s.ended_at IS NULL AND s.expires_at > :now AND a.disabled_at IS NULL
    UNION ALL
    SELECT t.id FROM api_token t JOIN account a ON a.id = t.account_id
    WHERE t.id = ANY(:ids) AND t.revoked_at IS NULL AND t.expires_at > :now AND a.disabled_at IS NULL"""
)


def valid(session: Session, ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the sessions and tokens that still let somebody in."""
    return set(session.execute(_VALID, {"ids": list(ids), "now": now}).scalars())
