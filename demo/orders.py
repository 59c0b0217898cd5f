"""The demo's orders: people sent to blind spots, grids, sites, leads and cases; in every state, as the evidence has it.

An order is written in one transaction with what followed, so a build cut short finds it whole or not at all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.db import transaction
from app.dispatch import creating
from app.dispatch import service as dispatch
from app.dispatch.climbing import climb
from app.dispatch.schemas import OrderIn, WithdrawStep
from app.dispatch.settling import settle
from app.dispatch.subjects import resolve
from app.scope import Scope
from app.settings import Settings
from demo.cases import STORIES as CASES
from demo.cases import case_id
from demo.grids import Grid
from demo.home import home_grid
from demo.intentions import HOST_COUNTY, Intention
from demo.leads import FOR_ORDER, look_into
from demo.moments import ago, present, standing
from demo.people import COUNTY_CODE
from demo.plan import Plan
from demo.sites import DemoSite, own_id
from demo.state import BUILDER

SENT, SEEN, WITHDRAWN = time(9, 20), time(14, 5), time(16, 30)
NIGHT, EVENING = time(0, 10), time(20)
NIGHTS = 3
NEAR_DEG = 0.0005
TOWN, COUNTY, HEAD = "演示镇工作人员", "演示区工作人员", "演示领导"
Body = dict[str, Any]
T = TypeVar("T")
Visits = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Story:
    """An order about the next thing of a kind: sent so many days ago, due in so many, and how it stands.

    `end`: sent, seen, done or withdrawn. What is due before today is late and climbs.
    """

    about: str
    sent_ago: int
    due_in: int
    end: str
    by: str
    words: str


STORIES = (
    Story("spot", 1, 2, "sent", HEAD, "连片未巡查，请尽快走一遍。"),
    Story("spot", 2, 1, "seen", COUNTY, "请沿厂区围墙内外各走一圈。"),
    Story("spot", 4, -1, "seen", TOWN, "上周要求补巡，请抓紧。"),
    Story("spot", 3, 4, "withdrawn", TOWN, "该处已封闭施工，改为申请“无法进入”。"),
    Story("home", 1, 2, "sent", TOWN, "请补走未覆盖的部分。"),
    Story("stale", 2, 3, "seen", TOWN, "已超过巡查周期，请补巡。"),
    Story("never", 5, -2, "seen", HEAD, "从未有人巡查，请镇里督促。"),
    Story("whole", 4, -1, "done", TOWN, "月底认定前请全部走到。"),
    *(Story("visited", 0, 2, "done", TOWN, "即将到期，请安排检查。") for _ in range(4)),
    Story("home_site", 1, 1, "seen", TOWN, "超期未检查，请入内查看。"),
    Story("site", 1, 2, "sent", COUNTY, "超期未检查，请入内查看。"),
    Story("site", 2, 1, "seen", TOWN, "请核对承租单位和从业人数。"),
    Story("site", 6, -1, "sent", TOWN, "超期已久，请尽快上门。"),
    Story("site", 4, 2, "withdrawn", TOWN, "已由区专班联合检查，不再单独派单。"),
    Story("lead", 1, 2, "sent", COUNTY, "热线举报，请今明两天到现场。"),
    Story("lead", 3, -1, "seen", TOWN, "来信举报已超期，请先办。"),
    Story("checked_lead", 3, 1, "done", TOWN, "请到现场核查并登记情况。"),
    Story("case", 2, 5, "seen", HEAD, "整改已过期限，请盯到设备拆完。"),
    Story("look_back", 1, 3, "sent", COUNTY, "回头看没有按期办，请补办。"),
)


def load_orders(engine: Engine, settings: Settings, plan: Plan, sites: Sequence[DemoSite], visits: Visits) -> None:
    """Send, see, do and withdraw all of them; what is late has climbed. Repeats change nothing."""
    teller = _Teller(settings, plan, sites, visits)
    for number, story in enumerate(STORIES):
        with transaction(engine) as session:
            teller.tell(session, story, number)
    for days in range(NIGHTS, -1, -1):
        with transaction(engine) as session:
            climb(session, standing(settings, ago(teller.now, days, NIGHT)))


class _Teller:
    def __init__(self, settings: Settings, plan: Plan, sites: Sequence[DemoSite], visits: Visits) -> None:
        self.now = present(settings, plan)
        self._settings, self._plan, self._sites = settings, plan, sites
        self._last: dict[str, Mapping[str, Any]] = {visit["site_id"]: visit for visit in visits}  # the oldest is first
        self._things: dict[str, Iterator[Body]] = {}

    def tell(self, session: Session, story: Story, number: int) -> None:
        """Tell one story; nothing where the demo is too small to have what it is about."""
        thing = self._next(session, story.about)
        if thing is None:
            return
        grid, visited_at = thing.pop("grid", None), thing.pop("visited_at", None)
        sent = ago(self.now, story.sent_ago, SENT) if visited_at is None else visited_at - timedelta(hours=26)
        due = (self.now if visited_at is None else sent).date() + timedelta(days=story.due_in)
        body = {"id": own_id(f"order/{number}"), "deadline": due, "words": story.words, **thing}
        order = OrderIn.model_validate(body)
        # Not by the service's `create`, which shows the order too: what is shown follows the evidence at once.
        by = self._sender(session, story, order, sent)
        if creating.create(session, self._at(sent), by, order):
            self._follow(session, story, by, order.id, grid, sent, visited_at)

    def _sender(self, session: Session, story: Story, order: OrderIn, sent: datetime) -> Actor:
        """Somebody with the scope of their office: who takes an order back must stand as high as who sent it."""
        path = resolve(session, self._at(sent), BUILDER, order).unit_path.split(".")
        levels = path.index(COUNTY_CODE) + (2 if story.by == TOWN else 1)
        return replace(BUILDER, name=story.by, scope=Scope(unit_paths=(".".join(path[:levels]),)))

    def _follow(
        self,
        session: Session,
        story: Story,
        by: Actor,
        order_id: UUID,
        grid: Grid | None,
        sent: datetime,
        visited_at: datetime | None,
    ) -> None:
        if story.end in ("seen", "done"):
            at = self._at(max(sent + timedelta(minutes=25), datetime.combine(sent.date(), SEEN, sent.tzinfo)))
            code, name = self._officer(session, order_id, grid)
            dispatch.seen(session, at, replace(BUILDER, name=name), code, order_id)
        if story.end == "withdrawn":
            at = self._at(datetime.combine(sent.date() + timedelta(days=1), WITHDRAWN, sent.tzinfo))
            step = WithdrawStep(step="withdraw", version=1, words=story.words)
            dispatch.step(session, at, by, order_id, step)
        if story.end == "done":
            if story.about == "checked_lead":
                look_into(session, self._settings, self._plan, self._sites)
            evening = datetime.combine(self._plan.clock.last_day, EVENING, sent.tzinfo)
            settle(session, self._at(evening if visited_at is None else visited_at + timedelta(hours=1)), [order_id])

    def _officer(self, session: Session, order_id: UUID, grid: Grid | None) -> tuple[str, str]:
        """Code and name of whom an order went to."""
        if grid is not None:
            return str(grid.officer_code), str(grid.officer_name)
        officer = dispatch.detail(session, self._at(self.now), BUILDER, order_id).officer
        return officer.code, officer.name

    def _next(self, session: Session, about: str) -> Body | None:
        if about == "spot":
            return next(self._spots_of(session), None)
        if about not in self._things:
            self._things[about] = iter(_THINGS[about](self))
        return next(self._things[about], None)

    def _spots_of(self, session: Session) -> Iterator[Body]:
        """The worst blind spots with an officer, each of another village; measured once."""
        if "spot" not in self._things:
            found = coverage.blind_spots(
                session, self._at(self.now), BUILDER.scope, COUNTY_CODE, min_area_m2=3_000.0, limit=40
            )
            by_village = {each["properties"]["village_code"]: each for each in reversed(found.features)}
            best = [each for each in found.features if by_village[each["properties"]["village_code"]] is each]
            told = [each for each in best if each["properties"]["officer"]]
            self._things["spot"] = iter({"subject_kind": "ground", "area": each["geometry"]} for each in told)
        return self._things["spot"]

    def grids(self, intention: Intention) -> Iterator[Body]:
        """Grids of an intention with an officer, each of another town."""
        found = [grid for grid in self._plan.scene.of(intention) if grid.officer_code]
        for grid in _spread(found, lambda grid: str(grid.unit_code[:9])):
            yield {"subject_kind": "grid", "subject": f"grid:{grid.code}", "grid": grid}

    def home(self) -> Iterator[Body]:
        """The grid of the demo's officer."""
        yield {"subject_kind": "grid", "subject": f"grid:{home_grid(self._plan.scene).code}"}

    def visited(self) -> Iterator[Body]:
        """Sites that somebody entered some days ago: whoever was sent there the day before."""
        today = self.now.date()
        for site in self._placed():
            visit = self._last.get(site.body["id"])
            if visit is None or visit["result"] == "not_entered" or not _is_near(site, visit):
                continue
            at = datetime.fromisoformat(visit["visited_at"]).astimezone(self._plan.clock.zone)
            if 1 <= (today - at.date()).days <= 4 and all(each["seen"] for each in visit["tenancies"]):
                subject = f"site:{site.body['id']}"
                yield {"subject_kind": "site", "subject": subject, "grid": site.grid, "visited_at": at}

    def overdue(self, officer_code: str | None = None) -> Iterator[Body]:
        """Sites that nobody has entered in their cycle; of one officer's grids, or, by None, of all others'."""
        home = home_grid(self._plan.scene).officer_code
        for site in self._placed():
            own = site.grid is not None and site.grid.officer_code == home
            if own != (officer_code is not None) or not self._is_overdue(site):
                continue
            is_new = site.body["id"] not in self._last
            omission = "site_never_visited" if is_new else "site_overdue"
            yield {"subject_kind": "site", "subject": f"site:{site.body['id']}", "omission": omission}

    def home_sites(self) -> Iterator[Body]:
        """Overdue sites in the grids of the demo's officer."""
        return self.overdue(home_grid(self._plan.scene).officer_code)

    def leads(self) -> Iterator[Body]:
        """A lead that is new, and one that was given to somebody and is overdue."""
        for number in (0, 3):
            yield {"subject_kind": "lead", "subject": f"lead:{own_id(f'lead/{number}')}"}

    def checked_lead(self) -> Iterator[Body]:
        """The lead that somebody looks into because of the order."""
        yield {"subject_kind": "lead", "subject": f"lead:{own_id(f'lead/{FOR_ORDER}')}"}

    def cases(self) -> Iterator[Body]:
        """Cases past their deadline."""
        for number, story in enumerate(CASES):
            if story.end == "rectifying" and story.found_ago > story.deadline_days:
                yield {"subject_kind": "case", "subject": f"case:{case_id(number)}", "omission": "case_overdue"}

    def look_backs(self) -> Iterator[Body]:
        """Cases of which a look back was missed."""
        for number, story in enumerate(CASES):
            if story.end == "missed":
                yield {"subject_kind": "case", "subject": f"case:{case_id(number)}", "omission": "look_back_missed"}

    def _placed(self) -> Iterator[DemoSite]:
        own = [site for site in self._sites if site.body["stated_unit_code"].startswith(HOST_COUNTY)]
        found = [site for site in own if site.grid and site.grid.officer_code and site.position]
        return _spread(found, lambda site: str(site.body["stated_unit_code"][:9]))

    def _is_overdue(self, site: DemoSite) -> bool:
        visit = self._last.get(site.body["id"])
        if visit is None:
            return True
        days = self._settings.cycle_days.of(site.body["risk"], None)
        return (self.now.date() - date.fromisoformat(str(visit["visited_at"])[:10])).days > days

    def _at(self, at: datetime) -> Settings:
        return standing(self._settings, min(at, self.now))


_THINGS: dict[str, Callable[[_Teller], Iterator[Body]]] = {
    "home": _Teller.home,
    "stale": lambda teller: teller.grids(Intention.STALE),
    "never": lambda teller: teller.grids(Intention.NEVER),
    "whole": lambda teller: teller.grids(Intention.WHOLE),
    "visited": _Teller.visited,
    "home_site": _Teller.home_sites,
    "site": _Teller.overdue,
    "lead": _Teller.leads,
    "checked_lead": _Teller.checked_lead,
    "case": _Teller.cases,
    "look_back": _Teller.look_backs,
}


def _spread(things: Iterable[T], town_of: Callable[[T], str]) -> Iterator[T]:
    """Things by turns of their towns."""
    by_town: dict[str, list[T]] = {}
    for thing in things:
        by_town.setdefault(town_of(thing), []).append(thing)
    for turn in zip_longest(*by_town.values()):
        yield from (thing for thing in turn if thing is not None)


def _is_near(site: DemoSite, visit: Mapping[str, Any]) -> bool:
    """Whether a visit was made at the site, not from afar."""
    return site.position is not None and abs(visit["position"]["lat"] - site.position[1]) < NEAR_DEG
