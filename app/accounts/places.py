"""Which places an account may be given: such as fit its role, and none beyond the scope of who gives them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.accounts.queries.people import ScopeRow
from app.accounts.schemas.people import Places
from app.errors import ForbiddenError, InvalidInputError
from app.rights import ROLE_NAMES, Role
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory

_LEVEL_NAMES = {"village": "村（社区）", "town": "镇（街道）", "county": "县（市、区）", "city": "市", "province": "省"}
# Who decides about a place decides for the level above those who work there: their units are of their own level.
_OWN_LEVEL = frozenset({Role.VILLAGE, Role.TOWN, Role.COUNTY, Role.CITY})
_MAY_HAVE_EVERYTHING = frozenset({Role.CITY, Role.LEADER, Role.SUPERVISOR, Role.INTAKE, Role.ADMINISTRATOR})


def rows(places: Places) -> Sequence[ScopeRow]:
    """The places as they are stored."""
    if places.is_everything:
        return [(None, None)]
    units: list[ScopeRow] = [(code, None) for code in dict.fromkeys(places.unit_codes)]
    grids: list[ScopeRow] = [(None, code) for code in dict.fromkeys(places.grid_codes)]
    return units + grids


def check(
    session: Session, settings: Settings, giver: Scope, role: Role, officer_code: str | None, places: Places
) -> None:
    """Raise InvalidInputError, NotFoundError or ForbiddenError unless the account may have these places."""
    if officer_code is not None:
        territory.ensure_officer(session, officer_code)
    if role is Role.OFFICER:
        _check_officer(session, settings, giver, officer_code, places)
        return
    if officer_code is not None:
        _check_officer_inside(session, settings, giver, officer_code)
    if not rows(places):
        raise InvalidInputError(f"{ROLE_NAMES[role]}必须指定管辖的区划或网格。", reason="no_place")
    if places.is_everything:
        _check_everything(giver, role)
    paths = _unit_paths(session, role, places) + _grid_paths(session, settings, places)
    beyond = next((code for code, path in paths if not giver.holds_unit(path)), None)
    if beyond is not None:
        raise ForbiddenError(f"{beyond} 不在您的管辖范围内，不能分配给他人。请联系上级单位的系统管理员。", code=beyond)


def _check_officer(
    session: Session, settings: Settings, giver: Scope, officer_code: str | None, places: Places
) -> None:
    if officer_code is None:
        raise InvalidInputError("网格员账号必须填写网格员编码（与网格文件一致）。", reason="no_officer_code")
    if rows(places):
        raise InvalidInputError("网格员的范围由网格文件中的负责关系决定，不能另行指定。", reason="officer_places")
    _check_officer_inside(session, settings, giver, officer_code)


def _check_officer_inside(session: Session, settings: Settings, giver: Scope, officer_code: str) -> None:
    """Whoever is an officer sees all that is kept of them: that is not for others to give away."""
    paths = territory.officer_units(session, officer_code, settings.today())
    if not giver.is_everything and not (paths and all(giver.holds_unit(path) for path in paths)):
        raise ForbiddenError(
            f"网格员 {officer_code} 目前负责的网格不在您的管辖范围内。请先导入负责关系，或联系上级单位的系统管理员。",
            officer_code=officer_code,
        )


def _check_everything(giver: Scope, role: Role) -> None:
    if role not in _MAY_HAVE_EVERYTHING:
        raise InvalidInputError(f"{ROLE_NAMES[role]}不能管辖全部范围，请指定区划。", reason="too_wide")
    if not giver.is_everything:
        raise ForbiddenError("您不管辖全部范围，不能把全部范围分配给他人。", reason="beyond_scope")


def _unit_paths(session: Session, role: Role, places: Places) -> list[tuple[str, str]]:
    found = territory.units_by_code(session, places.unit_codes)
    unknown = next((code for code in places.unit_codes if code not in found), None)
    if unknown is not None:
        raise InvalidInputError(f"没有区划代码为 {unknown} 的单位。请核对代码。", code=unknown)
    wrong = next((unit for unit in found.values() if role in _OWN_LEVEL and unit.level != role.value), None)
    if wrong is not None:
        raise InvalidInputError(
            f"{ROLE_NAMES[role]}只能管辖{_LEVEL_NAMES[role.value]}一级的区划，{wrong.name}（{wrong.code}）"
            f"是{_LEVEL_NAMES[wrong.level]}一级。",
            reason="wrong_level",
        )
    return [(unit.code, unit.path) for unit in found.values()]


def _grid_paths(session: Session, settings: Settings, places: Places) -> list[tuple[str, str]]:
    found = territory.grids_by_code(session, places.grid_codes, settings.today())
    unknown = next((code for code in places.grid_codes if code not in found), None)
    if unknown is not None:
        raise InvalidInputError(f"今天没有编码为 {unknown} 的网格。请核对编码。", code=unknown)
    return [(grid.code, grid.path) for grid in found.values()]
