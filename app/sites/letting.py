"""Tenancies put down, changed and ended, in a tree that stays one; and the checks before letting."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.settings import Settings
from app.sites import reading, tree, treerules, uscc
from app.sites.checking import ensure_current, refresh_checks
from app.sites.days import day_values
from app.sites.queries import checks, sites, tenancies
from app.sites.registering import NOTHING_KEPT, check_version, held, note
from app.sites.schemas import CheckIn, EndIn, TenancyDetail, TenancyIn, TenancyPatch
from geo.daytiles import day_number


def add_tenancy(
    session: Session,
    settings: Settings,
    actor: Actor,
    site_id: UUID,
    tenancy: TenancyIn,
    *,
    reported: bool = False,
) -> TenancyDetail:
    """Put a tenancy down, or find that it was already; the caller commits. `reported`: an officer found it on a visit,
    who may be beyond their grids, and somebody must complete it.

    Raises NotFoundError, ForbiddenError, InvalidInputError, or ConflictError when the id has other content.
    """
    digest = hashlib.sha256(f"{site_id}{tenancy.model_dump_json()}".encode()).digest()
    _hold(session, actor, site_id, reported=reported)
    if not _is_replay(session, tenancy.id, digest):
        rows = tenancies.of_site(session, site_id, day_values(settings.today()))
        treerules.check_room(rows)
        values = {**facts_of(tenancy), "id": tenancy.id, "state": "reported" if reported else "confirmed"}
        treerules.check(values, rows, settings)
        if not tenancies.insert(
            session, {**values, "site_id": site_id, "content_digest": digest, "created_by": actor.label}
        ):
            raise _other_content(tenancy.id)
        said = {name: [None, value] for name, value in _readable(values).items() if value not in (None, [])}
        note(session, actor, site_id, "tenancy_added", said, tenancy_id=tenancy.id)
        _parent_sublets(session, actor, values["parent_id"], rows)
        refresh_checks(session, [site_id], day_number(settings.today()))
    return _detail(session, settings, site_id, tenancy.id)


def change_tenancy(
    session: Session, settings: Settings, actor: Actor, tenancy_id: UUID, patch: TenancyPatch
) -> TenancyDetail:
    """Change what is named of a tenancy that has not ended; what changes nothing leaves no trace.

    Raises NotFoundError, ForbiddenError, InvalidInputError or ConflictError.
    """
    site_id, rows, old = _held(session, settings, actor, tenancy_id)
    check_version(old.version, patch.version)
    _check_not_ended(old)
    given = patch.model_dump(exclude_unset=True, exclude={"version", "words"})
    missing = [name for name in _NEEDED if given.get(name, "") is None]
    if missing:
        raise InvalidInputError(f"租户名称、入驻日期、转租情况不能清空。{NOTHING_KEPT}", fields=missing)
    before = {name: getattr(old, name) for name in _FACTS}
    new = before | given
    if "uscc" in given:
        new["uscc"] = uscc.checked(patch.uscc)
    if "chemicals" in given:
        new["chemicals"] = given["chemicals"] or []
    said, stated = _readable(new), _readable(before)
    changes = {name: [stated[name], said[name]] for name in said if stated[name] != said[name]}
    if changes:
        treerules.check({**new, "id": tenancy_id}, rows, settings)
        tenancies.update(session, {**new, "id": tenancy_id})
        note(session, actor, site_id, "tenancy_changed", changes, patch.words, tenancy_id)
        _parent_sublets(session, actor, new["parent_id"], rows)
        refresh_checks(session, [site_id], day_number(settings.today()))
    return _detail(session, settings, site_id, tenancy_id)


def end_tenancy(session: Session, settings: Settings, actor: Actor, tenancy_id: UUID, end: EndIn) -> TenancyDetail:
    """End a tenancy, with those under it when told so.

    Raises ConflictError naming those under it that are still there, or when it has ended already.
    """
    site_id, rows, old = _held(session, settings, actor, tenancy_id)
    check_version(old.version, end.version or old.version)
    _check_not_ended(old)
    treerules.check_day(end.ended_on, "退出日期", settings)
    if end.ended_on < old.started_on:
        raise InvalidInputError(f"退出日期早于入驻日期 {old.started_on}。{NOTHING_KEPT}", problem="ended_on")
    under = [row for row in tree.below(rows, tenancy_id) if row.ended_on is None or row.ended_on > end.ended_on]
    if under and not end.with_subtenancies:
        names = [row.tenant_name for row in under]
        raise ConflictError(
            f"“{old.tenant_name}”名下还有 {len(names)} 户转租（{'、'.join(names[:10])}）。"
            f"请先登记这些租户退出，或选择一并退出。{NOTHING_KEPT}",
            tenancies=names[:50],
        )
    for row in [*reversed(under), old]:
        day = max(end.ended_on, row.started_on)  # one that was to come later never came
        tenancies.end(session, row.id, day, end.why)
        ended = {"ended_on": [row.ended_on and str(row.ended_on), str(day)]}
        note(session, actor, site_id, "tenancy_ended", ended, end.why, row.id)
    refresh_checks(session, [site_id], day_number(settings.today()))
    return _detail(session, settings, site_id, tenancy_id)


def add_check(session: Session, settings: Settings, actor: Actor, tenancy_id: UUID, check: CheckIn) -> TenancyDetail:
    """Add an aspect of a check before letting; the latest of each aspect counts, none is ever changed.

    Raises InvalidInputError for a day to come, or ConflictError when the id has other content.
    """
    site_id, _, old = _held(session, settings, actor, tenancy_id)
    known = tenancies.check(session, check.id)
    values = {**check.model_dump(), "tenancy_id": tenancy_id}
    if known is not None:
        if {**known._asdict(), "id": check.id} != values:
            raise _other_content(check.id)
        return _detail(session, settings, site_id, tenancy_id)
    _check_not_ended(old)
    if check.checked_on > settings.today():
        raise InvalidInputError(f"体检日期在今天之后。请填写实际检查的日期。{NOTHING_KEPT}", problem="checked_on")
    tenancies.add_check(session, {**values, "recorded_by": actor.label})
    said = {name: [None, str(value)] for name, value in check.model_dump(exclude={"id"}).items() if value is not None}
    note(session, actor, site_id, "pre_lease_checked", said, tenancy_id=tenancy_id)
    refresh_checks(session, [site_id], day_number(settings.today()))
    return _detail(session, settings, site_id, tenancy_id)


_NEEDED = ("tenant_name", "started_on", "sublets", "state")
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
    "chemicals",
)


def _hold(session: Session, actor: Actor, site_id: UUID, *, reported: bool = False) -> None:
    if not reported:
        held(session, actor, site_id)
        return
    checks.lock(session, [site_id])
    if sites.stored(session, site_id) is None:
        raise reading.unknown(site_id)


def _held(
    session: Session, settings: Settings, actor: Actor, tenancy_id: UUID
) -> tuple[UUID, Sequence[Row[Any]], Row[Any]]:
    """Site, all its tenancies and the one asked for, held until the transaction ends."""
    site_id = tenancies.site_of(session, tenancy_id)
    if site_id is None:
        raise NotFoundError(f"没有编号为 {tenancy_id} 的租户。请刷新后重试。", id=str(tenancy_id))
    held(session, actor, site_id)
    rows = tenancies.of_site(session, site_id, day_values(settings.today()))
    return site_id, rows, next(row for row in rows if row.id == tenancy_id)


def _detail(session: Session, settings: Settings, site_id: UUID, tenancy_id: UUID) -> TenancyDetail:
    values = ensure_current(session, settings)
    cycle = next(iter(checks.states(session, [site_id], values, stored=True))).cycle_days
    return next(row for row in tree.of_site(session, site_id, cycle, values) if row.id == tenancy_id)


def facts_of(tenancy: TenancyIn) -> dict[str, Any]:
    """What is stored of what people say, but for id and state. Raises InvalidInputError."""
    return {**tenancy.model_dump(exclude={"id"}), "uscc": uscc.checked(tenancy.uscc)}


def _check_not_ended(row: Row[Any]) -> None:
    if row.ended_on is not None:
        raise ConflictError(
            f"“{row.tenant_name}”已登记于 {row.ended_on} 退出，不能再修改。重新入驻的，请登记为新的租户。{NOTHING_KEPT}"
        )


def _parent_sublets(session: Session, actor: Actor, parent_id: UUID | None, rows: Sequence[Row[Any]]) -> None:
    """Who has somebody under them does sub-let, whatever was known before."""
    parent = next((row for row in rows if row.id == parent_id), None)
    if parent is None or parent.sublets == "some":
        return
    tenancies.update(session, {**{name: getattr(parent, name) for name in _FACTS}, "id": parent.id, "sublets": "some"})
    note(session, actor, parent.site_id, "tenancy_changed", {"sublets": [parent.sublets, "some"]}, None, parent.id)


def _is_replay(session: Session, tenancy_id: UUID, digest: bytes) -> bool:
    known = tenancies.digest(session, tenancy_id)
    if known is not None and known != digest:
        raise _other_content(tenancy_id)
    return known is not None


def _other_content(record_id: UUID) -> ConflictError:
    return ConflictError(
        f"编号 {record_id} 已用于另一份内容，本次内容与之不同，未保存。新的记录请用新的编号。", id=str(record_id)
    )


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    """Facts as the history keeps them."""
    return {
        name: str(value) if hasattr(value, "isoformat") or isinstance(value, UUID) else value
        for name, value in values.items()
        if name != "id"
    }
