"""Sites put down, changed, taken out and brought back: each with who did it, and nothing beyond their scope."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.settings import Settings
from app.sites import placing, reading, uscc
from app.sites.checking import refresh_checks
from app.sites.queries import checks, locating, sites, tenancies
from app.sites.schemas import OCCUPANCIES, RemovalIn, RestorationIn, SiteDetail, SiteIn, SitePatch
from app.sites.schemas.incoming import SiteFacts
from app.territory import service as territory
from geo.daytiles import day_number

NOTHING_KEPT = placing.NOTHING_KEPT
_SHAPES = ("point", "outline")


def create_site(session: Session, settings: Settings, actor: Actor, site: SiteIn) -> SiteDetail:
    """Put a site down, or find that it was already; the caller commits.

    Raises InvalidInputError, NotFoundError (unit), ForbiddenError (outside the scope), or ConflictError when the id has
    other content or the code is another site's.
    """
    digest = hashlib.sha256(site.model_dump_json().encode()).digest()
    if _is_replay(session, site.id, digest):
        return reading.detail(session, settings, actor, site.id)
    territory.unit_in_scope(session, actor.scope, site.stated_unit_code)
    values = {
        **facts_of(site, settings),
        "id": site.id,
        "code": site.code or _free_code(session, site.id),
        "located_on": settings.today(),
        "content_digest": digest,
        "created_by": actor.label,
    }
    if not sites.insert(session, values):
        if _is_replay(session, site.id, digest):  # it was being stored just now, and is committed
            return reading.detail(session, settings, actor, site.id)
        raise _code_taken(values["code"])
    _place(session, settings, actor, site.id)
    note(session, actor, site.id, "created", made(values))
    refresh_checks(session, [site.id], day_number(settings.today()))
    return reading.detail(session, settings, actor, site.id)


def change_site(session: Session, settings: Settings, actor: Actor, site_id: UUID, patch: SitePatch) -> SiteDetail:
    """Change what is named of a site; what changes nothing leaves no trace.

    Raises NotFoundError, ForbiddenError, InvalidInputError, or ConflictError when somebody changed it meanwhile.
    """
    old = held(session, actor, site_id)
    check_version(old.version, patch.version)
    if patch.stated_unit_code not in (None, old.stated_unit_code):
        territory.unit_in_scope(session, actor.scope, patch.stated_unit_code or "")
    new = _patched(old, patch, settings)
    if new["code"] != old.code and sites.code_taken(session, new["code"], site_id):
        raise _code_taken(new["code"])
    before, after = _readable(old._asdict()), _readable(new)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        sites.update(session, {**new, "id": site_id})
        _place(session, settings, actor, site_id)
        note(session, actor, site_id, "changed", changes, patch.words)
        refresh_checks(session, [site_id], day_number(settings.today()))
    return reading.detail(session, settings, actor, site_id)


def remove_site(session: Session, settings: Settings, actor: Actor, site_id: UUID, removal: RemovalIn) -> SiteDetail:
    """Take a site out of all lists; its history stays. Raises ConflictError while somebody is in it."""
    old = held(session, actor, site_id)
    check_version(old.version, removal.version or old.version)
    today = settings.today()
    inside = [row.tenant_name for row in tenancies.current_of(session, [site_id], today)]
    if inside:
        raise ConflictError(
            f"该场所内还有 {len(inside)} 户租户（{'、'.join(inside[:10])}），不能移出。"
            f"请先登记租户退出。{NOTHING_KEPT}",
            tenancies=inside[:50],
        )
    sites.remove(session, site_id, today, removal.why)
    note(session, actor, site_id, "removed", {"removed_on": [None, today.isoformat()]}, removal.why)
    return reading.detail(session, settings, actor, site_id)


def restore_site(
    session: Session, settings: Settings, actor: Actor, site_id: UUID, restoration: RestorationIn
) -> SiteDetail:
    """Bring a removed site back. Raises ConflictError when it was not removed."""
    old = held(session, actor, site_id, removed=True)
    sites.remove(session, site_id, None, None)
    note(session, actor, site_id, "restored", {"removed_on": [old.removed_on.isoformat(), None]}, restoration.why)
    _place(session, settings, actor, site_id)
    refresh_checks(session, [site_id], day_number(settings.today()))
    return reading.detail(session, settings, actor, site_id)


def held(session: Session, actor: Actor, site_id: UUID, *, removed: bool = False) -> Row[Any]:
    """A site of the actor's scope as it is stored, held until the transaction ends.

    Raises NotFoundError, ForbiddenError, or ConflictError when it is removed (or, asked for removed ones, is not).
    """
    checks.lock(session, [site_id])
    row = sites.stored(session, site_id)
    if row is None:
        raise reading.unknown(site_id)
    reading.check_scope(actor.scope, row)
    if row.removed_on is not None and not removed:
        raise ConflictError(f"该场所已于 {row.removed_on} 移出，不能修改。如系误移，请先恢复。{NOTHING_KEPT}")
    if row.removed_on is None and removed:
        raise ConflictError(f"该场所没有被移出，不需要恢复。{NOTHING_KEPT}")
    return row


def check_version(stored: int, given: int) -> None:
    """Raise ConflictError when somebody changed the record after the page was opened."""
    if stored != given:
        raise ConflictError(f"在您打开之后，这条记录已被他人修改。请刷新后重新填写。{NOTHING_KEPT}", version=stored)


def note(
    session: Session,
    actor: Actor,
    site_id: UUID,
    kind: str,
    changes: dict[str, Any],
    words: str | None = None,
    tenancy_id: UUID | None = None,
) -> None:
    """Write down a change: {"field": [old, new]}."""
    sites.add_event(
        session,
        {
            "site_id": site_id,
            "tenancy_id": tenancy_id,
            "kind": kind,
            "changes": changes,
            "words": words,
            "by_account": actor.account_id,
            "by_name": actor.label,
        },
    )


def made(values: dict[str, Any]) -> dict[str, Any]:
    """All facts of a new site as its history keeps them."""
    return {name: [None, value] for name, value in _readable(values).items() if value is not None}


def facts_of(site: SiteFacts, settings: Settings) -> dict[str, Any]:
    """What is stored of what people say, but for id and code. Raises InvalidInputError."""
    point = placing.point_of(site.lon, site.lat, site.datum)
    outline = placing.outline_of(site.outline, site.datum)
    stated = site.model_dump(exclude={"id", "code", "lon", "lat", "datum", "outline", "uscc"})
    values = {
        **stated,
        "uscc": uscc.checked(site.uscc),
        "point": point,
        "outline": outline,
        "source_datum": site.datum if point or outline else None,
    }
    _check(values, settings)
    return values


def _patched(old: Row[Any], patch: SitePatch, settings: Settings) -> dict[str, Any]:
    """All facts as they are to be. Raises InvalidInputError."""
    given = patch.model_dump(exclude_unset=True, exclude={"version", "words", "datum", "lon", "lat", "outline"})
    missing = [
        name for name in ("code", "name", "kind", "occupancy", "stated_unit_code") if given.get(name, "") is None
    ]
    if missing:
        raise InvalidInputError(f"编号、名称、类型、使用状况和所属区划不能清空。{NOTHING_KEPT}", fields=missing)
    values = {name: value for name, value in old._asdict().items() if name not in _DERIVED} | given
    if patch.occupancy not in (None, "shut_down") and "shut_down_kind" not in given:
        values["shut_down_kind"] = None
    if "uscc" in given:
        values["uscc"] = uscc.checked(patch.uscc)
    named = patch.model_fields_set
    if named & {"lon", "lat"}:
        values["point"] = placing.point_of(patch.lon, patch.lat, patch.datum)
    if "outline" in named:
        values["outline"] = placing.outline_of(patch.outline, patch.datum)
    if named & {"lon", "lat", "outline"}:
        values["source_datum"] = (patch.datum or old.source_datum) if values["point"] or values["outline"] else None
    _check(values, settings)
    return values


_DERIVED = ("id", "version", "removed_on", "unit_code", "grid_code", "unit_path")


def _check(values: dict[str, Any], settings: Settings) -> None:
    if (values["occupancy"] == "shut_down") != (values["shut_down_kind"] is not None):
        raise InvalidInputError(
            f"使用状况为“{OCCUPANCIES['shut_down']}”时须选类别（取缔、关闭、退出），其他状况不选。{NOTHING_KEPT}",
            problem="shut_down_kind",
        )
    confirmed = values["dust_confirmed_by"], values["dust_confirmed_on"]
    if (confirmed[0] is None) != (confirmed[1] is None):
        raise InvalidInputError(f"粉尘种类的确认人和确认日期须同时填写。{NOTHING_KEPT}", problem="dust")
    if confirmed[0] is not None and values["dust_kind"] is None:
        raise InvalidInputError(f"填写了确认人，但没有填写粉尘种类。{NOTHING_KEPT}", problem="dust")
    if confirmed[1] is not None and confirmed[1] > settings.today():
        raise InvalidInputError(f"粉尘种类的确认日期在今天之后。{NOTHING_KEPT}", problem="dust")
    placing.check_near(values["point"], values["outline"])


def _place(session: Session, settings: Settings, actor: Actor, site_id: UUID) -> None:
    """Find where a site lies. Raises ForbiddenError when that is outside of the actor's scope."""
    locating.locate(session, [site_id], settings.today())
    row = sites.stored(session, site_id)
    if row is None:
        raise reading.unknown(site_id)
    if not (actor.scope.holds_unit(row.unit_path) or (row.grid_code or "") in actor.scope.grid_codes):
        unit = territory.units_by_code(session, [row.unit_code or ""]).get(row.unit_code or "")
        where = "辖区外" if unit is None else unit.name
        raise ForbiddenError(
            f"所填位置在{where}，不在您的管辖范围内。请核对位置和坐标系；位置无误的，请由上级单位登记。{NOTHING_KEPT}",
            unit_code=row.unit_code,
        )


def _is_replay(session: Session, site_id: UUID, digest: bytes) -> bool:
    """Whether the very request was taken in before. Raises ConflictError when the id has other content."""
    known = sites.digest(session, site_id)
    if known is not None and known != digest:
        raise ConflictError(
            f"编号 {site_id} 已用于另一份内容，本次内容与之不同，未保存。新的场所请用新的编号。", id=str(site_id)
        )
    return known is not None


def _free_code(session: Session, site_id: UUID) -> str:
    code = sites.next_code(session)
    while sites.code_taken(session, code, site_id):
        code = sites.next_code(session)
    return code


def _code_taken(code: str) -> ConflictError:
    return ConflictError(f"场所编号 {code} 已用于另一处场所。请换一个编号，或留空由系统编号。{NOTHING_KEPT}", code=code)


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    """Facts as the history keeps them: days as text, shapes as GeoJSON."""
    kept = {name: value for name, value in values.items() if name not in (*_DERIVED, *_INTERNAL)}
    shapes = {name: placing.geojson(kept[name]) for name in _SHAPES}
    return {name: str(value) if hasattr(value, "isoformat") else value for name, value in kept.items()} | shapes


_INTERNAL = ("located_on", "content_digest", "created_by")
