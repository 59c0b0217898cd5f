"""Rows as sites with tenancies: rows of one site joined, tenants hung under whom they have it from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ValidationError

from app.errors import InvalidInputError
from app.settings import Settings
from app.sites import letting, registering, treerules
from app.sites.importing import cells
from app.sites.importing.fields import FIELDS, SITE_FIELDS, TENANCY_FIELDS
from app.sites.importing.units import Units
from app.sites.schemas import SiteIn, TenancyIn

Say = Callable[[int, str | None, str], None]  # row, field, what is wrong
Record = tuple[int, dict[str, str]]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(slots=True)
class Tenant:
    """A tenancy as it is to be stored."""

    row: int
    values: dict[str, Any]
    parent_name: str | None


@dataclass(slots=True)
class Draft:
    """A site as it is to be stored, with its tenancies, parents before children."""

    row: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    tenants: list[Tenant] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """A tenancy as the rules of letting look at it."""

    id: UUID
    parent_id: UUID | None
    tenant_name: str
    area_m2: float | None
    started_on: date
    ended_on: date | None = None


def drafts_of(
    records: Iterable[Record],
    shapes: Mapping[int, dict[str, Any]],
    datum: str,
    units: Units,
    namespace: UUID,
    settings: Settings,
    say: Say,
) -> list[Draft]:
    """Sites in the order of the file; what is wrong is told to `say`, and the row then means nothing."""
    found: dict[tuple[str, ...], Draft] = {}
    for number, row in records:
        draft = found.setdefault(_key(row, shapes.get(number)), Draft(number, row))
        if draft.row == number:
            draft.values = _site(number, row, shapes.get(number), datum, units, namespace, settings, say)
        else:
            _check_alike(draft, number, row, say)
        if any(row.get(name) for name in TENANCY_FIELDS):
            tenant = _tenant(number, row, namespace, say)
            draft.tenants += [] if tenant is None else [tenant]
        elif draft.row != number:  # two places that a file does not tell apart must not become one
            say(number, None, f"与第 {draft.row} 行是同一场所，又没有租户；不是同一场所的，请填写编号或地址加以区分")
    for draft in found.values():
        _hang(draft, settings, say)
    return list(found.values())


def _key(row: Mapping[str, str], shape: dict[str, Any] | None) -> tuple[str, ...]:
    """What tells a site from others: its code, else its name, unit, address and place."""
    if row.get("code"):
        return ("code", row["code"])
    return ("name", *(row.get(name, "") for name in ("name", "unit", "address", "lon", "lat")), repr(shape))


def _check_alike(draft: Draft, number: int, row: Mapping[str, str], say: Say) -> None:
    for name in SITE_FIELDS:
        if row.get(name) and row[name] != draft.cells.get(name, ""):
            say(number, name, f"与第 {draft.row} 行同一场所的内容不一致")


def _site(
    number: int,
    row: Mapping[str, str],
    shape: dict[str, Any] | None,
    datum: str,
    units: Units,
    namespace: UUID,
    settings: Settings,
    say: Say,
) -> dict[str, Any]:
    wrong: list[str] = []

    def tell(name: str | None, what: str) -> None:
        wrong.append(what)
        say(number, name, what)

    values = cells.read_all(row, SITE_FIELDS, tell)
    for name in ("name", "kind", "occupancy"):
        if values[name] is None and not row.get(name):
            tell(name, "没有填写")
    stated, trouble = units.find(values.pop("unit"))
    if trouble:
        tell("unit", trouble)
    values |= _shape(shape, tell)
    if values["lon"] is not None or values["lat"] is not None or values.get("outline") is not None:
        values["datum"] = datum
    if wrong:
        return {}
    site = _built(SiteIn, values | {"id": uuid5(namespace, str(number)), "stated_unit_code": stated}, tell)
    if site is None:
        return {}
    try:
        return {**registering.facts_of(site, settings), "id": site.id, "code": site.code}
    except InvalidInputError as error:
        tell(None, error.message.removesuffix(registering.NOTHING_KEPT))
        return {}


def _shape(shape: dict[str, Any] | None, tell: Callable[[str | None, str], None]) -> dict[str, Any]:
    if shape is None:
        return {}
    if shape.get("type") in ("Polygon", "MultiPolygon"):
        return {"outline": shape}
    at = shape.get("coordinates")
    if shape.get("type") == "Point" and isinstance(at, list) and len(at) >= 2:
        return {"lon": at[0], "lat": at[1]}
    tell(None, f"几何类型 {str(shape.get('type'))[:30]} 不可用，应为点或面")
    return {}


def _tenant(number: int, row: Mapping[str, str], namespace: UUID, say: Say) -> Tenant | None:
    wrong: list[str] = []

    def tell(name: str | None, what: str) -> None:
        wrong.append(what)
        say(number, name, what)

    values = cells.read_all(row, TENANCY_FIELDS, tell)
    if values["tenant_name"] is None:
        tell("tenant_name", "填写了租户的内容，没有填写租户名称")
    values["started_on"] = values["started_on"] or values["lease_from"]
    if values["started_on"] is None and not wrong:
        tell("started_on", "没有填写，也没有填写租期起")
    parent_name, uscc = values.pop("parent"), values.pop("tenant_uscc")
    stated = {name: value for name, value in values.items() if value is not None}
    if wrong:
        return None
    tenancy = _built(TenancyIn, {**stated, "uscc": uscc, "id": uuid5(namespace, f"{number}/tenancy")}, tell)
    if tenancy is None:
        return None
    try:
        return Tenant(number, {**letting.facts_of(tenancy), "id": tenancy.id}, parent_name)
    except InvalidInputError as error:
        tell("tenant_uscc", error.message)
        return None


def _hang(draft: Draft, settings: Settings, say: Say) -> None:
    """Put tenants under those they have their space from, and check the tree as letting does."""
    if len(draft.tenants) > treerules.MAX_TENANCIES:
        say(draft.row, None, f"一处场所最多 {treerules.MAX_TENANCIES} 户租户，园区请按厂房分别登记")
        return
    waiting, placed = list(draft.tenants), dict[str, Tenant]()
    rows: list[_Row] = []
    for tenant in waiting:
        if placed.setdefault(tenant.values["tenant_name"], tenant) is not tenant:
            say(tenant.row, "tenant_name", "同一场所内已有同名租户")
    draft.tenants = []
    while waiting:
        above = {tenant.values["tenant_name"]: tenant for tenant in draft.tenants}
        ready = [tenant for tenant in waiting if tenant.parent_name is None or tenant.parent_name in above]
        if not ready:
            for tenant in waiting:
                say(tenant.row, "parent", f"“{tenant.parent_name}”不是同一场所的租户，或互为转租方")
            return
        for tenant in ready:
            parent = above.get(tenant.parent_name or "")
            tenant.values["parent_id"] = None if parent is None else parent.values["id"]
            if parent is not None:
                parent.values["sublets"] = "some"
            _check(tenant, rows, settings, say)
        draft.tenants += ready
        waiting = [tenant for tenant in waiting if tenant not in ready]


def _check(tenant: Tenant, rows: list[_Row], settings: Settings, say: Say) -> None:
    try:
        treerules.check(tenant.values, rows, settings)
    except InvalidInputError as error:
        say(tenant.row, None, error.message.removesuffix(registering.NOTHING_KEPT))
    names = ("id", "parent_id", "tenant_name", "area_m2", "started_on")
    rows.append(_Row(**{name: tenant.values[name] for name in names}))


def _built(kind: type[Model], values: dict[str, Any], tell: Callable[[str | None, str], None]) -> Model | None:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        for each in error.errors()[:5]:
            name = str(each["loc"][0]) if each["loc"] else ""
            tell(name if name in FIELDS else None, "内容过长、超出范围，或含有不可用的字符")
        return None
