"""The demo's visits: most sites as they should be, some overdue, some only in part, from afar, or never."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from app.visits.checklists import CHECKLISTS
from demo.intentions import Intention
from demo.plan import Plan
from demo.plane import Plane
from demo.sites import DemoSite, is_well_kept, own_id

# How a site stands on the last day, and how often. Days are of the site's own cycle.
STANDINGS = {
    "checked": 0.42,
    "due": 0.08,
    "overdue": 0.17,
    "incomplete": 0.11,
    "afar": 0.05,
    "locked": 0.06,
    "never": 0.11,
}
FAR_M = 620.0
NOTE = "演示：由程序生成，不是真实的检查"
PROBLEM = "演示：发现通风橱后有未登记的喷涂间，已拍照并告知村委会"
FIRST, LAST = time(8, 40), time(16, 40)


def visits(plan: Plan, sites: Sequence[DemoSite], cycle_of: Any) -> Iterator[dict[str, Any]]:
    """Bodies of visits, oldest first. `cycle_of`: days of a site's cycle by its risk and its own."""
    draw = np.random.default_rng([plan.clock.seed, 41])
    found: list[dict[str, Any]] = []
    for site in sites:
        if site.grid is not None and site.position is not None:
            standing = _of_whole(plan, site) or ("checked" if is_well_kept(plan, site.grid) else _drawn(draw))
            days = cycle_of(site.body["risk"], None)
            found += [_visit(plan, site, standing, age, draw) for age in _ages(standing, days, draw)]
    return iter(sorted(found, key=lambda visit: str(visit["visited_at"])))


def _of_whole(plan: Plan, site: DemoSite) -> str | None:
    """Where nothing is left out, no problem waits for a decision either."""
    is_whole = site.grid is not None and plan.scene.intentions[site.grid.code] is Intention.WHOLE
    return "in_order" if is_whole else None


def _drawn(draw: np.random.Generator) -> str:
    names = list(STANDINGS)
    return str(names[int(draw.choice(len(names), p=list(STANDINGS.values())))])


def _ages(standing: str, days: int, draw: np.random.Generator) -> list[int]:
    """How many days ago somebody was there, oldest first."""
    before = days + int(draw.integers(2, 12))
    if standing == "in_order":
        return [int(draw.integers(0, max(1, days // 3)))]
    if standing in ("checked", "incomplete", "afar"):
        return [before, int(draw.integers(0, max(1, days // 3)))]
    if standing == "due":
        return [before, days - 2]
    if standing == "overdue":
        return [before]
    return [int(draw.integers(1, days))] if standing == "locked" else []


def _visit(plan: Plan, site: DemoSite, standing: str, age: int, draw: np.random.Generator) -> dict[str, Any]:
    minutes = int(draw.integers((LAST.hour - FIRST.hour) * 60))
    day = plan.clock.last_day - timedelta(days=age)
    at = datetime.combine(day, FIRST, plan.clock.zone) + timedelta(minutes=minutes)
    number = own_id(f"visit/{site.body['id']}/{day.isoformat()}")
    entered = standing != "locked"
    has_problem = entered and draw.random() < 0.06 and standing != "in_order"
    body: dict[str, Any] = {
        "id": number,
        "site_id": site.body["id"],
        "officer_code": site.grid.officer_code if site.grid else "",
        "visited_at": at.isoformat(),
        "datum": "WGS-84",
        "position": _position(site, FAR_M if standing == "afar" else 6.0, at),
        "result": "problem_found" if has_problem else "nothing_found" if entered else "not_entered",
        "not_entered_why": None if entered else "locked",
        "note": PROBLEM if has_problem else NOTE,
    }
    if has_problem:
        body["photo_ids"] = [own_id(f"photo/{number}")]
    if entered:
        body["checklist"] = _checklist(site.body["kind"], has_problem)
        body["tenancies"] = _tenancies(site, standing == "incomplete")
    return body


def _checklist(kind: str, has_problem: bool) -> dict[str, dict[str, str]]:
    answers = {item: {"answer": "yes"} for item in CHECKLISTS[kind]}
    if has_problem:
        answers["hidden_area"] = {"answer": "no"}
    return answers


def _tenancies(site: DemoSite, is_incomplete: bool) -> list[dict[str, Any]]:
    last = len(site.tenancies) - 1
    return [
        {"tenancy_id": tenancy["id"], "seen": not (is_incomplete and at == last)}
        for at, tenancy in enumerate(site.tenancies)
    ]


def _position(site: DemoSite, away_m: float, at: datetime) -> dict[str, Any]:
    lon, lat = site.position or (0.0, 0.0)
    return {
        "lon": lon,
        "lat": lat + away_m / Plane.at(lon, lat).lat_m,
        "accuracy_m": 8.0,
        "time": at.isoformat(),
    }
