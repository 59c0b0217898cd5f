"""Proof that what is stored of sites follows from visits, tenancies and territory."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.settings import Settings
from app.sites.checking import AT_ONCE, Progress
from app.sites.days import asked, values_of
from app.sites.queries import checks, locating

_WORDS = {
    "last_visit_day": "最近检查日",
    "last_visit_id": "最近检查记录",
    "checked_day": "全部查到之日",
    "tenancies": "租户数",
    "tenancies_unseen": "未核实租户数",
    "tenancy_omissions": "租户遗漏",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A site, by its code, of which something stored is not what follows."""

    code: str
    found: str


def verify(session: Session, settings: Settings, progress: Progress | None = None) -> Iterator[Difference]:
    """Every difference between checks and what they are derived from, and between places and territory.

    Changes nothing. Each check is proved for the day it was derived for.
    """
    days = checks.days_derived_for(session)
    by_day: dict[int | None, list[UUID]] = defaultdict(list)
    for site_id, day in days.items():
        by_day[day].append(site_id)
    done = 0
    for day, ids in by_day.items():
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            yield from _missing(session, some) if day is None else _differing(session, some, day)
            done += len(some)
            if progress:
                progress(done, len(days))
    for row in locating.elsewhere(session, asked(settings)["on"]):
        yield Difference(
            row.code, f"所在网格或区划与位置不符：应为 {row.unit_code or '辖区外'} {row.grid_code or '无网格'}"
        )


def _missing(session: Session, ids: list[UUID]) -> Iterator[Difference]:
    for code in checks.codes(session, ids).values():
        yield Difference(code, "没有检查状态")


def _differing(session: Session, ids: list[UUID], day: int) -> Iterator[Difference]:
    stored, following = checks.stored(session, ids), checks.following(session, ids, values_of(day))
    codes = checks.codes(session, ids)
    for site_id in ids:
        is_, should = stored[site_id]._asdict(), following[site_id]._asdict()
        for name, words in _WORDS.items():
            if is_[name] != should[name]:
                yield Difference(codes[site_id], f"{words}：存为 {is_[name]}，应为 {should[name]}")
