"""Tenancies one by one, as a tree, and the checks before letting."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Row, text
from sqlalchemy.orm import Session

from app.sites.queries.rules import CURRENT, LAST_LOOK, LATEST_CHECKS, TENANCY_LEFT_OUT

_FACTS = (
    "parent_id",
    "tenant_name",
    "uscc",
    "contact_name",
    "contact_phone",
    "floor_unit",
    "area_m2",
    "process",
    "main_risks",
    "lease_from",
    "lease_to",
    "sublets",
    "started_on",
    "state",
)
INSERT = text(
    f"""INSERT INTO tenancy (id, site_id, {", ".join(_FACTS)}, chemicals, content_digest, created_by)
    VALUES (:id, :site_id, {", ".join(f":{name}" for name in _FACTS)}, CAST(:chemicals AS jsonb), :content_digest,
        :created_by)
    ON CONFLICT DO NOTHING"""  # noqa: S608
)
_UPDATE = text(
    f"""UPDATE tenancy SET {", ".join(f"{name} = :{name}" for name in _FACTS)}, chemicals = CAST(:chemicals AS jsonb),
        version = version + 1
    WHERE id = :id"""  # noqa: S608
)
_END = text("UPDATE tenancy SET ended_on = :ended_on, ended_why = :why, version = version + 1 WHERE id = :id")
_DIGEST = text("SELECT content_digest FROM tenancy WHERE id = :id")
_SITE_OF = text("SELECT site_id FROM tenancy WHERE id = :id")
_COLUMNS = f"""t.id, t.site_id, {", ".join(f"t.{name}" for name in _FACTS)}, t.chemicals, t.ended_on, t.ended_why,
    t.version, t.created_at, t.created_by"""
_OF_SITE = text(
    f"""SELECT {_COLUMNS}, ({CURRENT}) AS is_current, l.day AS last_look
    FROM tenancy t {LAST_LOOK}
    WHERE t.site_id = :site_id ORDER BY t.started_on, t.created_at, t.id"""  # noqa: S608
)
_CURRENT_OF = text(
    f"""SELECT t.id, t.site_id, t.parent_id, t.tenant_name, t.floor_unit FROM tenancy t
    WHERE t.site_id = ANY(:ids) AND {CURRENT} ORDER BY t.site_id, t.started_on, t.created_at, t.id"""  # noqa: S608
)
_BRIEFS = text("SELECT id, site_id, tenant_name, uscc FROM tenancy WHERE id = ANY(:ids)")
_LEFT_OUT = text(
    f"""SELECT t.site_id, t.id AS tenancy_id, t.tenant_name, o.kind, o.since
    FROM tenancy t LEFT JOIN site_check c ON c.site_id = t.site_id {LAST_LOOK} {LATEST_CHECKS} {TENANCY_LEFT_OUT}
    WHERE t.site_id = ANY(:ids) AND {CURRENT} AND o.holds
    ORDER BY t.site_id, t.started_on, t.created_at, t.id"""  # noqa: S608
)
_ADD_CHECK = text(
    """INSERT INTO pre_lease_check (id, tenancy_id, aspect, result, checked_by, checked_on, note, recorded_by)
    VALUES (:id, :tenancy_id, :aspect, :result, :checked_by, :checked_on, :note, :recorded_by)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_CHECK = text("SELECT tenancy_id, aspect, result, checked_by, checked_on, note FROM pre_lease_check WHERE id = :id")
_CHECKS = text(
    """SELECT p.id, p.tenancy_id, p.aspect, p.result, p.checked_by, p.checked_on, p.note, p.recorded_by, p.recorded_at,
        row_number() OVER (PARTITION BY p.tenancy_id, p.aspect
            ORDER BY p.checked_on DESC, p.recorded_at DESC, p.id DESC) = 1 AS counts
    FROM pre_lease_check p JOIN tenancy t ON t.id = p.tenancy_id WHERE t.site_id = :site_id
    ORDER BY p.checked_on DESC, p.recorded_at DESC, p.id DESC"""
)


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a tenancy; false when its id is taken."""
    result = session.execute(INSERT, _stored_form(values))
    return isinstance(result, CursorResult) and result.rowcount == 1


def update(session: Session, values: dict[str, Any]) -> None:
    """Store all facts of a tenancy anew."""
    session.execute(_UPDATE, _stored_form(values))


def end(session: Session, tenancy_id: UUID, ended_on: date, why: str) -> None:
    """End a tenancy; from `ended_on` on it is not there."""
    session.execute(_END, {"id": tenancy_id, "ended_on": ended_on, "why": why})


def digest(session: Session, tenancy_id: UUID) -> bytes | None:
    """Of the request that made a tenancy, empty when none did; None when there is no such tenancy."""
    row = session.execute(_DIGEST, {"id": tenancy_id}).first()
    return None if row is None else bytes(row.content_digest or b"")


def site_of(session: Session, tenancy_id: UUID) -> UUID | None:
    """The site of a tenancy; None when there is no such tenancy."""
    found: UUID | None = session.execute(_SITE_OF, {"id": tenancy_id}).scalar()
    return found


def of_site(session: Session, site_id: UUID, asked: dict[str, Any]) -> Sequence[Row[Any]]:
    """All tenancies of a site, ended ones too, with is_current and last_look (a day, None: never)."""
    return session.execute(_OF_SITE, {**asked, "site_id": site_id}).all()


def current_of(session: Session, ids: Iterable[UUID], on: date) -> Sequence[Row[Any]]:
    """id, site_id, parent_id, tenant_name, floor_unit of the current tenancies of some sites."""
    return session.execute(_CURRENT_OF, {"ids": list(ids), "on": on}).all()


def briefs(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Those of the tenancies that exist."""
    return session.execute(_BRIEFS, {"ids": list(ids)}).all()


def left_out(session: Session, ids: Iterable[UUID], asked: dict[str, Any]) -> Sequence[Row[Any]]:
    """site_id, tenancy_id, tenant_name, kind, since of what is left out at the current tenancies of some sites."""
    return session.execute(_LEFT_OUT, {**asked, "ids": list(ids)}).all()


def add_check(session: Session, values: dict[str, Any]) -> bool:
    """Store a check before letting; false when its id is taken."""
    return session.execute(_ADD_CHECK, values).first() is not None


def check(session: Session, check_id: UUID) -> Row[Any] | None:
    """A check as it was sent; None when there is none."""
    return session.execute(_CHECK, {"id": check_id}).first()


def checks(session: Session, site_id: UUID) -> Sequence[Row[Any]]:
    """Checks of a site's tenancies, newest first; `counts`: the latest of its aspect."""
    return session.execute(_CHECKS, {"site_id": site_id}).all()


def _stored_form(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "chemicals": json.dumps(values["chemicals"], ensure_ascii=False)}
