"""The demo's leads: what the hotline, letters and files told, in every state; some unplaced, unmatched, overdue."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from app.leads import service as leads
from app.leads.schemas import EntryIn, StepIn
from app.leads.service import Trace
from app.settings import Settings
from demo.home import home_grid
from demo.intentions import HOST_COUNTY
from demo.plan import Plan
from demo.plane import Plane
from demo.sites import DemoSite, own_id
from demo.state import BUILDER

COUNTY = f"{HOST_COUNTY}000000"
TOLD = (
    ("smell", "夜间有刺鼻气味，疑似喷涂"),
    ("hidden_workshop", "有人在旧厂房内熔炼金属"),
    ("unknown_goods", "院内堆放大量无标签吨桶"),
    ("hidden_workshop", "民房内有人加工胶水，担心起火"),
    ("night_work", "货车凌晨进出，卸桶装液体"),
    ("hidden_workshop", "已停产的厂又开工了"),
    ("waste", "河边有彩色废水"),
)
# source, days ago, how far it went, where: at a site, beside all sites, nowhere
ENTRIES = (
    ("hotline", 2, "new", "site"),
    ("hotline", 12, "new", "nowhere"),  # overdue and unplaced
    ("letter", 4, "new", "beside"),
    ("letter", 20, "assigned", "site"),  # overdue
    ("hotline", 3, "assigned", "site"),
    ("drone", 5, "assigned", "beside"),
    ("market_register", 6, "checked", "site"),
    ("hotline", 8, "checked", "site"),
    ("hotline", 15, "true", "site"),
    ("letter", 25, "true", "site"),
    ("hotline", 30, "rewarded", "site"),
    ("letter", 34, "rewarded", "site"),
    ("hotline", 18, "false", "site"),
    ("other", 22, "false", "beside"),
    ("hotline", 4, "assigned", "site"),
)
FOR_ORDER = len(ENTRIES) - 1  # looked into because somebody is sent there
ORDER = ("new", "assigned", "checked", "true", "rewarded")
_STEP: TypeAdapter[Any] = TypeAdapter(StepIn)
MONTHS = 18
STOP_MIN = 25


def load_leads(session: Session, settings: Settings, plan: Plan, sites: Sequence[DemoSite]) -> None:
    """Enter and move on all of them, unless they are there."""
    placed = [site for site in sites if site.grid and site.position]
    for number, (source, days_ago, state, where) in enumerate(ENTRIES):
        entry = _entry(settings, plan, placed[number * 7 % len(placed)], number, source, days_ago, where)
        made, is_known = leads.create(session, settings, BUILDER, entry)
        if not is_known:
            _move(session, settings, made.id, state, placed[number * 7 % len(placed)], plan, where)
    leads.import_power(session, settings, BUILDER, COUNTY, "演示用电量.csv", power_readings(plan, placed))
    spot = placed[5]
    trace = Trace(COUNTY, "演A·00001", "WGS-84", None, "演示车辆轨迹.csv", vehicle_trace(plan, spot))
    leads.import_vehicle(session, settings, BUILDER, trace)


def _entry(
    settings: Settings, plan: Plan, site: DemoSite, number: int, source: str, days_ago: int, where: str
) -> EntryIn:
    day = plan.clock.last_day - timedelta(days=days_ago)
    lon, lat = site.position or (0.0, 0.0)
    what, told = TOLD[number % len(TOLD)]
    if where == "beside" and site.grid:
        spot = site.grid.geometry.representative_point()
        lon, lat = float(spot.x), float(spot.y)
    body = {
        "id": own_id(f"lead/{number}"),
        "source": source,
        "number": f"演{day:%Y%m%d}-{number:02d}",
        "what": what,
        "told": f"演示：{told}",
        "told_at": datetime.combine(day, time(10, number % 60), settings.zone).isoformat(),
        "subject_name": site.body["name"] if where == "site" else None,
        "address": site.body["address"],
        "unit_code": site.body["stated_unit_code"],
        "place": None if where == "nowhere" else {"lon": lon, "lat": lat, "datum": "WGS-84"},
        "reporter": _reporter(number) if source in ("hotline", "letter") else None,
    }
    return EntryIn.model_validate(body)


def _reporter(number: int) -> dict[str, Any]:
    if number % 2:
        return {"is_anonymous": True}
    return {"is_anonymous": False, "name": "演示群众", "phone": f"000{number:08d}", "words": "演示：我就住在隔壁"}


def _move(
    session: Session, settings: Settings, lead_id: UUID, state: str, site: DemoSite, plan: Plan, where: str
) -> None:
    wanted = "true" if state == "false" else state
    for step in ORDER[1 : ORDER.index(wanted) + 1]:
        _take(session, settings, lead_id, _steps(step, state, site, plan, where))


def look_into(session: Session, settings: Settings, plan: Plan, sites: Sequence[DemoSite]) -> None:
    """Check, on the ground, the lead that an order is about."""
    placed = [site for site in sites if site.grid and site.position]
    *_, where = ENTRIES[FOR_ORDER]
    bodies = _steps("checked", "checked", placed[FOR_ORDER * 7 % len(placed)], plan, where)
    _take(session, settings, UUID(own_id(f"lead/{FOR_ORDER}")), bodies)


def _take(session: Session, settings: Settings, lead_id: UUID, bodies: Iterable[dict[str, Any]]) -> None:
    for body in bodies:
        version = leads.detail(session, settings, BUILDER, lead_id).version
        leads.step(session, settings, BUILDER, lead_id, _STEP.validate_python({**body, "version": version}))


def _steps(step: str, state: str, site: DemoSite, plan: Plan, where: str) -> Iterator[dict[str, Any]]:
    officer = site.grid.officer_code if site.grid else home_grid(plan.scene).officer_code
    if step == "assigned":
        yield {"step": "assign", "officer_code": officer}
    elif step == "checked":
        yield {"step": "match", "site_id": site.body["id"] if where == "site" else None}
        looked_on = (plan.clock.last_day - timedelta(days=1)).isoformat()
        yield {"step": "check", "looked_on": looked_on, "looked_by": "演示镇街人员", "words": "已到现场查看"}
    elif step == "true":
        verdict = "false" if state == "false" else "true"
        words = "现场未见异常，已回复举报人" if verdict == "false" else "现场核实属实，已移交立案"
        yield {"step": "judge", "verdict": verdict, "words": words}
    elif step == "rewarded":
        yield {"step": "reward", "amount_yuan": "500"}


def power_readings(plan: Plan, sites: Sequence[DemoSite]) -> bytes:
    """Monthly kWh of forty users as GBK CSV, one column a month; three use far more of late than ever before."""
    draw = np.random.default_rng([plan.clock.seed, 42])
    months = [_month(plan, back) for back in range(MONTHS, 0, -1)]
    rows: list[list[Any]] = [["户号", "户名", "用电地址", *months]]
    for number in range(40):
        site = sites[number * 3 % len(sites)]
        usual = float(draw.uniform(800, 6000))
        used = usual * (1 + 0.08 * draw.standard_normal(MONTHS))
        if number % 13 == 0:
            used[-3:] *= 3.4
        name = site.tenancies[0]["tenant_name"] if site.tenancies else site.body["name"]
        rows.append([f"YS{number:08d}", name, site.body["address"], *(round(float(kwh)) for kwh in used)])
    return _gbk(rows)


def _month(plan: Plan, back: int) -> str:
    months = plan.clock.last_day.year * 12 + plan.clock.last_day.month - 1 - back
    return f"{months // 12}-{months % 12 + 1:02d}"


def vehicle_trace(plan: Plan, site: DemoSite) -> bytes:
    """A tank lorry's positions as CSV: it stops at a known site, drives on, and stops where nobody knows of one."""
    lon, lat = site.position or (0.0, 0.0)
    plane = Plane.at(lon, lat)
    at = datetime.combine(plan.clock.last_day - timedelta(days=2), time(23, 5), plan.clock.zone)
    rows: list[list[Any]] = [["time", "lon", "lat"]]
    for metres, minutes in ((0.0, STOP_MIN), (420.0, 0), (830.0, STOP_MIN + 15), (1600.0, 0)):
        for _ in range(max(1, minutes * 2)):
            rows.append(
                [at.isoformat(), f"{lon + metres / plane.lon_m:.7f}", f"{lat + 0.6 * metres / plane.lat_m:.7f}"]
            )
            at += timedelta(seconds=30)
        at += timedelta(seconds=40)
    return _csv(rows).encode()


def _gbk(rows: list[list[Any]]) -> bytes:
    return _csv(rows).encode("gb18030")


def _csv(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
