"""SQL of the audit: entries are added and read, never changed (a trigger refuses it)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_VALUES = """:account_id, :actor, :role, :via, :address, :what, :route, :subject, CAST(:officer_codes AS text[]),
    CAST(:facts AS jsonb)"""
_COLUMNS = "account_id, actor, role, via, address, what, route, subject, officer_codes, facts"
_ADD = text(f"INSERT INTO audit_entry ({_COLUMNS}) VALUES ({_VALUES})")  # noqa: S608 - constants
# A map asks for hundreds of tiles: a look is told once, unless it shows somebody who was not told yet.
_ADD_ONCE = text(
    f"""INSERT INTO audit_entry ({_COLUMNS}) SELECT {_VALUES} WHERE NOT EXISTS (
        SELECT FROM audit_entry e
        WHERE COALESCE(e.account_id, 0) = COALESCE(CAST(:account_id AS bigint), 0)
          AND e.at > now() - make_interval(secs => :within_s)
          AND e.actor = :actor AND e.via = :via AND e.address = :address AND e.what = :what
          AND e.route = :route AND e.subject = :subject
          AND e.officer_codes @> CAST(:officer_codes AS text[]))"""  # noqa: S608 - constants
)
# Anybody can have any number of sign-ins refused, and an entry is for ever.
_ADD_REFUSED = text(
    f"""INSERT INTO audit_entry ({_COLUMNS}) SELECT {_VALUES} WHERE NOT EXISTS (
        SELECT FROM audit_entry e
        WHERE COALESCE(e.account_id, 0) = COALESCE(CAST(:account_id AS bigint), 0)
          AND e.at > now() - make_interval(secs => :within_s)
          AND e.what = :what AND e.address = :address)"""  # noqa: S608 - constants
)
_MATCHES = """(CAST(:since AS timestamptz) IS NULL OR e.at >= :since)
    AND (CAST(:until AS timestamptz) IS NULL OR e.at < :until)
    AND (:actor = '' OR e.actor ILIKE :actor_like)
    AND (:what = '' OR e.what = :what)
    AND (:officer = '' OR e.officer_codes @> ARRAY[CAST(:officer AS text)])
    AND (CAST(:account_ids AS bigint[]) IS NULL OR e.account_id = ANY(:account_ids))"""
_READ = (
    "e.id, e.at, e.account_id, e.actor, e.role, e.via, e.address, e.what, e.route, e.subject, e.officer_codes, e.facts"
)
_PAGE = text(
    f"SELECT {_READ} FROM audit_entry e WHERE {_MATCHES} ORDER BY e.at DESC, e.id DESC LIMIT :limit OFFSET :skip"  # noqa: S608
)
_COUNT = text(f"SELECT count(*) FROM audit_entry e WHERE {_MATCHES}")  # noqa: S608
_ALL = text(f"SELECT {_READ} FROM audit_entry e WHERE {_MATCHES} ORDER BY e.at, e.id").execution_options(  # noqa: S608
    yield_per=1000
)


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Store an entry."""
    session.execute(_ADD, dict(values))


def add_once(session: Session, values: Mapping[str, Any], within_s: int) -> None:
    """Store an entry, unless the same actor's same deed was told within so many seconds."""
    session.execute(_ADD_ONCE, {**values, "within_s": within_s})


def add_refused(session: Session, values: Mapping[str, Any], within_s: int) -> None:
    """Store an entry, unless the same account was refused the same from the same address within so many seconds."""
    session.execute(_ADD_REFUSED, {**values, "within_s": within_s})


def page(session: Session, matches: Mapping[str, Any], limit: int, skip: int) -> tuple[int, Sequence[Row[Any]]]:
    """How many entries match, and some of them, newest first."""
    values = _filled(matches)
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def every(session: Session, matches: Mapping[str, Any]) -> Iterator[Row[Any]]:
    """All entries that match, oldest first, read bit by bit."""
    yield from session.execute(_ALL, _filled(matches))


def _filled(matches: Mapping[str, Any]) -> dict[str, Any]:
    words = str(matches["actor"]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {**matches, "actor_like": f"%{words}%"}
