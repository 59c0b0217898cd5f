"""What an order is about: there, in scope, not done already; and what it is called and where it lies."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon, shape
from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import service as baselines
from app.cases import service as cases
from app.coverage import service as coverage
from app.dispatch.ground import area_of
from app.dispatch.schemas import SubjectIn
from app.dispatch.wording import INCOMPLETE, LOOK_BACK, NOTHING_KEPT
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.leads import service as leads
from app.scope import outside
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import SiteBrief
from app.territory import service as territory

# A blind spot's outline may reach a little over the edge of its grid.
OUTSIDE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody is sent to; WGS-84, lon and lat None when nobody knows where it is."""

    subject: str
    name: str
    unit_code: str
    unit_path: str
    grid_code: str | None
    lon: float | None
    lat: float | None
    area: MultiPolygon | None = None
    area_m2: float | None = None


class _Asked:
    """Who asks for what, today."""

    def __init__(self, session: Session, settings: Settings, actor: Actor, given: SubjectIn) -> None:
        self.session, self.settings, self.actor, self.given = session, settings, actor, given
        self.today: date = settings.today()
        self.subject = given.subject or ""

    @property
    def key(self) -> str:
        """What stands behind the colon."""
        kind, _, key = self.subject.partition(":")
        if kind != self.given.subject_kind or not key:
            raise self.wrong()
        return key

    @property
    def id(self) -> UUID:
        """The key as an id."""
        try:
            return UUID(self.key)
        except ValueError as error:
            raise self.wrong() from error

    def wrong(self) -> InvalidInputError:
        kind = self.given.subject_kind
        return InvalidInputError(
            f"派单对象 {self.subject!r} 有误：应为 {kind}:编号。请从列表或地图上重新选择。{NOTHING_KEPT}",
            problem="subject",
        )


def resolve(session: Session, settings: Settings, actor: Actor, given: SubjectIn) -> Subject:
    """What an order would be about.

    Raises InvalidInputError, NotFoundError, ForbiddenError (outside the actor's scope), or ConflictError when there is
    nothing left to do about it.
    """
    if (given.subject_kind == "ground") != (given.area is not None):
        raise InvalidInputError(f"只有盲区地块派单须给出范围。{NOTHING_KEPT}", problem="area")
    return _RESOLVERS[given.subject_kind](_Asked(session, settings, actor, given))


def _ground(asked: _Asked) -> Subject:
    if asked.given.area is None:
        raise asked.wrong()
    area, area_m2 = area_of(asked.given.area)
    point = shapely.point_on_surface(area)
    place = territory.place_at(asked.session, point.x, point.y, asked.today)
    if not place.units:
        raise InvalidInputError(f"地块不在本系统的任何区划内，请核对位置。{NOTHING_KEPT}", problem="elsewhere")
    unit, grid = place.units[-1], place.grid
    grid_code = None if grid is None else grid.code
    asked.actor.scope.check_grid(grid_code or unit.code, unit.path)
    _check_inside(asked, area)
    where = unit.name if grid is None else grid.name
    return Subject(
        "ground", f"{where} {_size(area_m2)}盲区", unit.code, unit.path, grid_code, point.x, point.y, area, area_m2
    )


def _check_inside(asked: _Asked, area: MultiPolygon) -> None:
    entered = territory.grids_entered(asked.session, shapely.to_wkb(area), asked.today)
    beyond = [code for code, path in entered.items() if not asked.actor.scope.holds_grid(code, path)]
    outlines = territory.grid_outlines(asked.session, beyond, asked.today)
    over = shapely.union_all([shape(outline) for _, outline in outlines.values()]).intersection(area).area
    if over > OUTSIDE_SHARE * area.area:
        raise outside("、".join(sorted(beyond)[:3]))


def _grid(asked: _Asked) -> Subject:
    grid = territory.grid_in_scope(asked.session, asked.actor.scope, asked.key, asked.today)
    if not coverage.blind_cells(asked.session, asked.settings, grid.code, asked.settings.now()):
        raise _nothing_left(f"网格“{grid.name}”在周期内已全部查看")
    outline = territory.grid_outlines(asked.session, [grid.code], asked.today)[grid.code][1]
    point = shapely.point_on_surface(shape(outline))
    return Subject(asked.subject, grid.name, grid.unit_code, grid.path, grid.code, point.x, point.y)


def _site(asked: _Asked) -> Subject:
    site = sites.site_in_scope(asked.session, asked.actor.scope, asked.id)
    if site.is_removed:
        raise _nothing_left(f"场所“{site.name}”已撤销")
    return _at_site(f"site:{site.id}", site.name, site)


def _tenancy(asked: _Asked) -> Subject:
    tenancy = sites.tenancy_brief(asked.session, [asked.id]).get(asked.id)
    if tenancy is None:
        raise NotFoundError(f"没有编号为 {asked.key} 的租户。请在场所中重新选择。", id=asked.key)
    site = sites.site_in_scope(asked.session, asked.actor.scope, tenancy.site_id)
    current = sites.current_tenancies(asked.session, [site.id], asked.today)[site.id]
    if site.is_removed or tenancy.id not in {each.id for each in current}:
        raise _nothing_left(f"租户“{tenancy.tenant_name}”已不在场")
    return _at_site(f"tenancy:{tenancy.id}", f"{site.name}：{tenancy.tenant_name}", site)


def _at_site(subject: str, name: str, site: SiteBrief) -> Subject:
    unit_code = site.unit_code or site.stated_unit_code
    return Subject(subject, name, unit_code, site.unit_path, site.grid_code, site.lon, site.lat)


def _lead(asked: _Asked) -> Subject:
    lead = leads.lead_brief(asked.session, [asked.id]).get(asked.id)
    if lead is None:
        raise NotFoundError(f"没有编号为 {asked.key} 的线索。请在列表中重新选择。", id=asked.key)
    if lead.unit_path is None:
        raise InvalidInputError(f"该线索不在任何区划内，不能派单。请先给线索定位。{NOTHING_KEPT}", problem="unplaced")
    unit_code = lead.unit_path.rpartition(".")[2]
    asked.actor.scope.check_unit(unit_code, lead.unit_path)
    if lead.state not in ("new", "assigned"):
        raise _nothing_left("该线索已登记核查")
    what = leads.briefs(asked.session, [lead.id])[lead.id].what_text
    name = f"{what}（{lead.number}）" if lead.number else what
    grid = None
    if lead.lon is not None and lead.lat is not None:
        grid = territory.place_at(asked.session, lead.lon, lead.lat, asked.today).grid
    grid_code = None if grid is None else grid.code
    return Subject(f"lead:{lead.id}", name, unit_code, lead.unit_path, grid_code, lead.lon, lead.lat)


def _case(asked: _Asked) -> Subject:
    case = cases.case_in_scope(asked.session, asked.settings, asked.actor, asked.id)
    omission = asked.given.omission
    if omission == LOOK_BACK:
        if LOOK_BACK not in case.omissions:
            raise _nothing_left(f"案件 {case.number} 没有逾期未办的回头看")
    elif omission == INCOMPLETE:
        if "closed_incomplete" not in case.omissions:
            raise _nothing_left(f"案件 {case.number} 的“两断三清”没有欠缺")
    elif case.state in ("closed", "struck_off"):
        raise _nothing_left(f"案件 {case.number} 已办结")
    name = f"{case.party_name}（{case.number}）"
    return Subject(f"case:{case.id}", name, case.unit_code, case.unit_path, case.grid_code, case.lon, case.lat)


def _baseline_row(asked: _Asked) -> Subject:
    if not asked.key.isdecimal() or len(asked.key) > 18:
        raise asked.wrong()
    row = baselines.row_stands(asked.session, asked.settings, [int(asked.key)]).get(int(asked.key))
    if row is None:
        raise NotFoundError(f"没有编号为 {asked.key} 的底单记录。请在名单中重新选择。", id=asked.key)
    unit_code = row.unit_path.rpartition(".")[2]
    asked.actor.scope.check_grid(row.grid_code or unit_code, row.unit_path)
    name = row.name or f"{row.list_name}第 {row.row_number} 行"
    if row.is_withdrawn or row.is_checked:
        raise _nothing_left(f"“{name}”{'所在名单已撤回' if row.is_withdrawn else '已核查'}")
    return Subject(f"baseline_row:{row.id}", name, unit_code, row.unit_path, row.grid_code, row.lon, row.lat)


def _nothing_left(why: str) -> ConflictError:
    return ConflictError(f"{why}，无须派单。{NOTHING_KEPT}", reason="nothing_left")


def _size(area_m2: float) -> str:
    if area_m2 >= 1e6:
        return f"{int(area_m2 / 1e4) / 100} 平方公里"
    return f"{int(area_m2 / 100) / 100} 公顷" if area_m2 >= 1e4 else f"{int(area_m2)} 平方米"


_RESOLVERS: dict[str, Callable[[_Asked], Subject]] = {
    "ground": _ground,
    "grid": _grid,
    "site": _site,
    "tenancy": _tenancy,
    "lead": _lead,
    "case": _case,
    "baseline_row": _baseline_row,
}
