"""The demo's cases: some dozens through every state, with originals, penalties and links, told step by step.

A case is written in one transaction, so a build cut short finds it whole or not at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases import attachments, closing, links, looking_back, steps
from app.cases import service as cases
from app.cases.schemas.codes import Item
from app.cases.schemas.inputs import AttachmentIn, CaseIn, ClosureIn, LinkIn, LookBackIn, StepIn, StrikeOffIn
from app.cases.schemas.outputs import CaseDetail
from app.settings import Settings
from demo.by_hand import photo
from demo.plan import Plan
from demo.sites import DemoSite, own_id
from demo.state import BUILDER

# Whoever closed a case does not strike it off.
TOWN = replace(BUILDER, name="演示镇街审核")
ITEM_WORDS = {
    "water": "断水",
    "power": "断电",
    "equipment": "设备已拆除",
    "premises": "场地已清空",
    "materials": "原料已清运",
}


@dataclass(frozen=True, slots=True)
class Story:
    """How a case went: found so many days ago, with so many days to mend it, closed so many days after."""

    end: str
    found_ago: int
    deadline_days: int = 45
    closed_after: int = 25


STORIES = (
    *(Story("registered", days) for days in (1, 2, 3, 5, 8, 12)),
    *(Story("rectifying", days) for days in (6, 9, 14, 18, 21, 26, 30, 33)),
    *(Story("rectifying", days, 20) for days in (40, 52, 75)),  # past their deadline: omissions that show
    *(Story("partly", days) for days in (15, 24, 28, 35)),
    *(Story("closed", days) for days in (45, 50, 60, 80, 96)),
    *(Story("missed", days) for days in (100, 130)),  # a look back is overdue
    *(Story("struck_off", days) for days in (240, 260, 275, 300)),
    *(Story("relapsed", days) for days in (90, 150)),
    *(Story("imported", days) for days in (120, 200)),  # closed elsewhere, without the five proofs
)
CATEGORIES = ("chemical", "chemical", "smelting", "plating", "spraying", "dyeing", "dust", "other", "shut_down")
CHEMICAL_KINDS = ("black_workshop", "affiliated", "unlicensed_firm", "beyond_licence")
THINNER = {"name": "稀释剂", "amount": 180, "unit": "千克"}
WHAT = {
    "chemical": "未经许可生产、储存胶粘剂和清洗剂，现场有反应釜和吨桶",
    "smelting": "利用废旧金属从事熔炼，无环保设施",
    "plating": "设置镀槽从事电镀加工，废水无处理设施",
    "spraying": "密闭车间内从事喷涂，无证照，废气直排",
    "dyeing": "从事印染加工，废水排入雨水管网",
    "dust": "木粉（铝粉）打磨，未设除尘系统，积尘严重",
    "other": "无证照从事危险作业",
    "shut_down": "已取缔企业恢复部分生产",
}


def load_cases(session: Session, settings: Settings, plan: Plan, sites: Sequence[DemoSite], number: int) -> None:
    """Write the story of one number, unless it is there."""
    story = STORIES[number]
    _Teller(session, settings, plan.clock.last_day, number).tell(story, _place(sites, number))


def case_id(number: int) -> UUID:
    """The id of the case of a story."""
    return UUID(own_id(f"case/{number}"))


def _place(sites: Sequence[DemoSite], number: int) -> DemoSite:
    """Where it was: let and sub-let sites by turns."""
    wanted = [site for site in sites if site.grid and site.body["occupancy"] in ("multi_tenant", "leased", "shut_down")]
    return wanted[number * 3 % len(wanted)]


class _Teller:
    def __init__(self, session: Session, settings: Settings, today: date, number: int) -> None:
        self._session, self._settings, self._today, self._number = session, settings, today, number
        self._id = case_id(number)

    def tell(self, story: Story, site: DemoSite) -> None:
        found = self._today - timedelta(days=story.found_ago)
        finished = found + timedelta(days=story.closed_after) if story.end == "imported" else None
        made = cases.create_case(self._session, self._settings, BUILDER, self._case(story, site, found), finished)
        if len(made.events) > 1 or story.end in ("registered", "imported"):
            return
        self._step(BUILDER, "start", found + timedelta(days=1), "已下达整改通知书，责令立即停止生产")
        if self._number % 9 == 0:
            self._step(BUILDER, "supervise", found + timedelta(days=2), "列入挂牌督办", level="county")
        if story.end == "rectifying":
            return
        closed = found + timedelta(days=story.closed_after)
        self._clear(closed, 3 if story.end == "partly" else 5)
        if story.end != "partly":
            self._step(BUILDER, "close", min(closed, self._today), "现场核实，整治到位")
            self._after(story, closed)

    def _case(self, story: Story, site: DemoSite, found: date) -> CaseIn:
        category = CATEGORIES[self._number % len(CATEGORIES)]
        tenancy = site.tenancies[0] if site.tenancies else None
        punished = story.end in ("closed", "struck_off", "missed", "relapsed") and self._number % 3 != 0
        body: dict[str, Any] = {
            "id": self._id,
            "category": category,
            "chemical_kind": CHEMICAL_KINDS[self._number % 4] if category == "chemical" else None,
            "party_name": tenancy["tenant_name"] if tenancy else site.body["name"],
            "site_id": site.body["id"],
            "tenancy_id": tenancy["id"] if tenancy else None,
            "address": site.body["address"],
            "responsible_name": tenancy["contact_name"] if tenancy else "演示负责人",
            "responsible_phone": tenancy["contact_phone"] if tenancy else None,
            "stages": ["produce", "store"] if category == "chemical" else ["produce"],
            "chemicals": [{"name": "稀释剂", "amount": 180 + 5 * self._number, "unit": "千克"}]
            if category == "chemical"
            else [],
            "description": f"演示：{WHAT[category]}。案情由程序生成，不是真实案件。",
            "measures": "责令停止生产，限期拆除设备、清运原料；同步追究出租方责任",
            "way_to_close": ("ban", "ban", "upgrade", "relocate")[self._number % 4],
            "is_shut": story.end not in ("registered",),
            "is_suspended": True,
            "is_dismantled": story.end in ("closed", "struck_off", "missed"),
            "handler_name": "演示专班",
            "found_on": found,
            "deadline": found + timedelta(days=story.deadline_days),
            "filed_on": found + timedelta(days=3) if punished else None,
            "fine_wan": Decimal("1.5") * (1 + self._number % 4) if punished else Decimal(0),
            "fined_on": found + timedelta(days=15) if punished else None,
            "confiscated_wan": Decimal("0.8") if punished and self._number % 2 else Decimal(0),
            "confiscated_on": found + timedelta(days=15) if punished and self._number % 2 else None,
            "transferred_persons": 1 if punished and category == "chemical" else 0,
            "transferred_on": found + timedelta(days=20) if punished and category == "chemical" else None,
            "detained_persons": 1 if punished and self._number % 5 == 0 else 0,
        }
        return CaseIn.model_validate(body)

    def _clear(self, closed: date, count: int) -> None:
        for at, item in enumerate(list(get_args(Item))[:count]):
            done = min(closed - timedelta(days=5 - at), self._today)
            proof = UUID(own_id(f"{self._id}/{item}"))
            stated = AttachmentIn(id=proof, what=f"演示图片：{ITEM_WORDS[item]}", taken_on=done)
            picture = photo(1000 + self._number * 5 + at)
            attachments.attach(
                self._session, self._settings, BUILDER, self._id, stated, f"{ITEM_WORDS[item]}.jpg", picture
            )
            body = ClosureIn(version=self._now.version, done_on=done, words=ITEM_WORDS[item], attachment_ids=[proof])
            closing.record_item(self._session, self._settings, BUILDER, self._id, item, body)

    def _after(self, story: Story, closed: date) -> None:
        due = [look for look in self._now.look_backs if look.due_on <= self._today]
        skipped = 1 if story.end == "missed" else 0
        for at, look in enumerate(due[: len(due) - skipped]):
            relapsed = story.end == "relapsed" and at == len(due) - 1
            body = LookBackIn(
                done_on=look.due_on,
                result="relapse" if relapsed else "clean",
                words="夜间恢复生产，已再次查封" if relapsed else "现场无反弹",
                deadline=self._today + timedelta(days=15) if relapsed else None,
            )
            looking_back.look_back(self._session, self._settings, BUILDER, self._id, look.id, body)
        if story.end == "struck_off":
            last = closed + timedelta(days=max(self._settings.look_back_days) + 2)
            body_off = StrikeOffIn(version=self._now.version, words="三次回头看均无反弹，同意销号", on_day=last)
            steps.strike_off(self._session, self._settings, TOWN, self._id, body_off)

    def _step(self, actor: Actor, step: str, day: date, words: str, **more: Any) -> None:
        told = {"step": step, "version": self._now.version, "words": words, "on_day": min(day, self._today), **more}
        steps.take_step(self._session, self._settings, actor, self._id, StepIn.model_validate(told))

    @property
    def _now(self) -> CaseDetail:
        return cases.detail(self._session, self._settings, BUILDER, self._id)


def chain(session: Session, settings: Settings) -> None:
    """Links up and down: between cases, and to names alone."""
    for number, relation, other in _links():
        body: dict[str, Any] = {
            "id": own_id(f"link/{number}/{relation}"),
            "relation": relation,
            "words": "据现场送货单",
        }
        body |= {"other_case_id": case_id(other)} if isinstance(other, int) else {"other_name": other}
        links.link(session, settings, BUILDER, case_id(number), LinkIn.model_validate(body))


def _links() -> Iterator[tuple[int, str, int | str]]:
    chemical = [number for number in range(len(STORIES)) if CATEGORIES[number % len(CATEGORIES)] == "chemical"]
    for first, second in pairwise(chemical[:4]):
        yield first, "buyer", second
    yield chemical[0], "supplier", "演示外地原料供应商"
    yield chemical[0], "landlord", "演示厂房出租人"
    yield chemical[1], "landlord", "演示村集体资产公司"
