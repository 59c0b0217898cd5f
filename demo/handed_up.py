"""Reports of the demo handed upward: the last month's F4 all in, the last week's F2 but for a few that are named.

The reports of a term are written in one transaction, so a build cut short finds them all or none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import transaction
from app.reports import efforts, filling
from app.reports.cases import Area
from app.reports.schemas import EffortIn
from app.reports.submissions import preparing, signing, working
from app.reports.submissions.rhythm import FORMS, DueForm, Term, recent
from app.reports.submissions.schemas import CheckIn, MissingIn
from app.rights import RIGHTS, Role
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from demo.home import home_grid
from demo.intentions import GUEST_COUNTY
from demo.moments import present, standing
from demo.people import COUNTY_CODE, WHOLE_HEADS
from demo.plan import Plan
from demo.sites import own_id
from demo.state import BUILDER

PREPARED, CHECKED, SIGNED = time(8, 10), time(8, 30), time(10, 40)  # villages; towns in the afternoon
TOWN_PREPARED, TOWN_CHECKED, TOWN_SIGNED = time(13, 30), time(14, 0), time(15, 30)
GUEST_CODE = f"{GUEST_COUNTY}000000"  # its towns report, its villages do not yet
EARLY = time(18, 20)  # of the day before
PERSON_TIMES, TEAMS = (12, 60), (1, 4)
# Of the F2: a town whose head has not signed, one that the county sent back, and a town with a village that is late.
LATE_TOWN, SENT_BACK_TOWN, LATE_VILLAGE_IN = "320404005000", "320404001000", "320404007"
# Of the F4: a town that handed it in a day late, and one of which a village told its effort afterwards.
TARDY_TOWN, CORRECTED_IN = "320404004000", "320404116"
WHY = {
    "early": "演示：首版提前一天报出，未含最后一天的检查，更正补入。",
    "effort": "演示：首版漏填检查组和检查人次，补录后更正。",
    "town": "演示：下辖村补录检查人次，合计随之更正。",
    "town_back": "演示：问题清单与案件台帐差 1 件，请与专班核对后重报。",
    "village_back": "演示：本周检查场所数与走访记录不符，请核对后重报。",
    "missing_late": "演示：该社区报表员更换，尚未核对，已催报。",
    "missing_back": "演示：数据与走访记录不符，已退回核对。",
    "missing_silent": "演示：村级尚未启用报送，由街道汇总。",
}


class Ends(NamedTuple):
    """Codes of the units whose reports end otherwise than handed in."""

    unchecked: frozenset[str] = frozenset()
    unsigned: frozenset[str] = frozenset()
    sent_back: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    tardy: frozenset[str] = frozenset()
    no_effort: frozenset[str] = frozenset()


def load_reports(engine: Engine, settings: Settings, plan: Plan) -> None:
    """The last term of each form that is over, the older first: signatures stand on the chain in order of time."""
    now = present(settings, plan)
    terms = [_over(standing(settings, now), form, now) for form in FORMS]
    for term in sorted(terms, key=lambda term: term.due_at):
        with transaction(engine) as session:
            _Office(session, settings, plan, term, now).hand_in()


def _over(settings: Settings, form: DueForm, now: datetime) -> Term:
    """The last term that is over, and was so long ago that what follows has happened too."""
    return next(term for term in recent(settings, form) if term.due_at + timedelta(hours=1) <= now)


class _Office:
    """All who have to do with the reports of one term."""

    def __init__(self, session: Session, settings: Settings, plan: Plan, term: Term, now: datetime) -> None:
        self._session, self._settings, self._term, self._now = session, settings, term, now
        self._silent: list[Area] = []
        self._home = home_grid(plan.scene).unit_code
        self._draw = np.random.default_rng([plan.clock.seed, 44])
        found = self._within(COUNTY_CODE)
        self._villages = [unit for unit in found if unit.level == "village"]
        self._towns = [unit for unit in found if unit.level == "town"]
        if any(unit.code == GUEST_CODE for unit in plan.units):
            guests = self._within(GUEST_CODE)
            self._towns += [unit for unit in guests if unit.level == "town"]
            self._silent = [unit for unit in guests if unit.level == "village"]
        self._ends = self._of_week() if term.form == "F2" else self._of_month()
        self._ids: dict[str, UUID] = {}

    def hand_in(self) -> None:
        """Villages in the morning, towns in the afternoon, corrections after; nothing when it was done."""
        if self._term.form == "F4":
            self._tell_efforts(self._villages)
        early = [unit for unit in self._villages if unit.code in self._ends.early]
        if not self._first(early, self._before(EARLY), self._before(EARLY), self._before(EARLY)):
            return
        rest = [unit for unit in self._villages if unit not in early]
        if not self._first(rest, self._on(PREPARED), self._on(CHECKED), self._on(SIGNED)):
            return
        for unit in early:
            self._correct(unit, "early", self._on(time(12, 40)))
        self._send_back(self._villages, "village_back", self._on(time(13, 10)))
        self._first(self._towns, self._on(TOWN_PREPARED), self._on(TOWN_CHECKED), self._on(TOWN_SIGNED))
        self._send_back(self._towns, "town_back", self._on(time(16, 20)))
        self._tell_later()
        for town in self._towns:
            if town.code in self._ends.tardy:
                self._sign(town, self._term.due_at + timedelta(hours=16))

    def _first(self, units: list[Area], prepared: datetime, checked: datetime, signed: datetime) -> bool:
        """First versions, as far as each comes; False when they are there already."""
        for unit in units:
            found = preparing.add_version(self._session, self._at(prepared), self._term, unit, 1, None, None)
            if found is None:
                return False
            self._ids[unit.code] = found
        ready = [unit for unit in units if unit.code not in self._ends.unchecked]
        for minutes, unit in enumerate(ready):
            self._check(unit, checked + timedelta(minutes=minutes))
        for minutes, unit in enumerate(ready):
            if unit.code not in self._ends.unsigned | self._ends.tardy:
                self._sign(unit, signed + timedelta(minutes=2 * minutes))
        return True

    def _check(self, unit: Area, at: datetime) -> None:
        row = working.in_state(self._session, BUILDER, self._ids[unit.code], ("prepared",), "核对")
        missing = [MissingIn(unit_code=code, why=why) for code, why in self._missing(unit)]
        told = CheckIn(digest=row.content_digest.hex(), missing=missing)
        working.check(self._session, self._at(at), _staff(unit), row.id, told)

    def _sign(self, unit: Area, at: datetime) -> None:
        clock, head = self._at(at), self._head(unit)
        row = working.in_state(self._session, head, self._ids[unit.code], ("checked",), "签字")
        signing.seal(self._session, clock, head, row)
        working.hand_upward(self._session, clock, head, row)

    def _send_back(self, units: Iterable[Area], why: str, at: datetime) -> None:
        for unit in units:
            if unit.code in self._ends.sent_back:
                above = replace(BUILDER, name="演示区工作人员" if unit.level == "town" else "演示镇工作人员")
                working.send_back(self._session, self._at(at), above, self._ids[unit.code], WHY[why])

    def _correct(self, unit: Area, why: str, at: datetime) -> None:
        made = working.correct(self._session, self._at(at), _staff(unit), self._ids[unit.code], WHY[why])
        self._ids[unit.code] = made
        self._check(unit, at + timedelta(minutes=5))
        self._sign(unit, at + timedelta(minutes=20))

    def _tell_later(self) -> None:
        """A village's effort told after it had handed in: it and its town correct what they said."""
        later = [unit for unit in self._villages if unit.code in self._ends.no_effort]
        for unit in later:
            self._effort(unit)
            self._correct(unit, "effort", self._on(time(15, 50)))
        for town in self._towns:
            if later and town.code.startswith(CORRECTED_IN):
                self._correct(town, "town", self._on(time(16, 25)))

    def _tell_efforts(self, units: Iterable[Area]) -> None:
        for unit in units:
            if unit.code not in self._ends.no_effort:
                self._effort(unit)

    def _effort(self, unit: Area) -> None:
        body = {
            "id": own_id(f"effort/{unit.code}/{self._term.period.first_day}"),
            "unit_code": unit.code,
            "first_day": self._term.period.first_day,
            "last_day": self._term.period.last_day,
            "teams": int(self._draw.integers(*TEAMS)),
            "person_times": int(self._draw.integers(*PERSON_TIMES)),
        }
        efforts.record(self._session, self._at(self._on(PREPARED)), _staff(unit), EffortIn.model_validate(body))

    def _missing(self, unit: Area) -> Iterator[tuple[str, str]]:
        """Villages of a town that handed in nothing that holds, and why."""
        for village in [*self._villages, *self._silent] if unit.level == "town" else ():
            if not village.path.startswith(f"{unit.path}."):
                continue
            if village.code in self._ends.unchecked:
                yield village.code, WHY["missing_late"]
            elif village.code in self._ends.sent_back:
                yield village.code, WHY["missing_back"]
            elif village in self._silent:
                yield village.code, WHY["missing_silent"]

    def _of_week(self) -> Ends:
        late = [unit.code for unit in self._villages if unit.code.startswith(LATE_VILLAGE_IN)][:1]
        beside = [unit.code for unit in self._villages if unit.code[:9] == self._home[:9] and unit.code != self._home]
        return Ends(
            unchecked=frozenset(late),
            unsigned=frozenset({LATE_TOWN}),
            sent_back=frozenset({SENT_BACK_TOWN, *beside[:1]}),
            early=frozenset({self._home}),
        )

    def _of_month(self) -> Ends:
        told_late = [unit.code for unit in self._villages if unit.code.startswith(CORRECTED_IN)][:1]
        return Ends(tardy=frozenset({TARDY_TOWN}), no_effort=frozenset(told_late))

    def _within(self, code: str) -> list[Area]:
        """A unit with all below it, higher levels first."""
        return filling.units_within(self._session, filling.area(territory.unit_or_404(self._session, code)))

    def _head(self, unit: Area) -> Actor:
        """The head of a unit, whose scope is exactly it; those who have a login by their names."""
        own = WHOLE_HEADS.get(unit.code, ("", f"演示{unit.name}主任"))[1]
        name = "演示村主任" if unit.code == self._home else own
        return Actor(name, Role.LEADER, RIGHTS[Role.LEADER], Scope(unit_paths=(unit.path,)), "terminal", "terminal")

    def _on(self, at: time) -> datetime:
        return datetime.combine(self._term.period.last_day, at, self._now.tzinfo)

    def _before(self, at: time) -> datetime:
        return self._on(at) - timedelta(days=1)

    def _at(self, at: datetime) -> Settings:
        return standing(self._settings, min(at, self._now))


def _staff(unit: Area) -> Actor:
    return replace(BUILDER, name="演示镇工作人员" if unit.level == "town" else "演示村工作人员")
