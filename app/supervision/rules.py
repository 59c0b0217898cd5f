"""The rules by which samples are drawn, and the drawing itself over what a plan kept: pure.

**provincial**, of a city (Jiangsu 2020): its paperwork; at least half of its counties; of the small-chemical list every
unfinished case, and so many others that it is at least half; 10 other small workshops; 10 shut-down firms.
**city**, of each county (Changzhou 2024; a county does the same in itself): at least one town, 10 dust firms, 2 厂中厂,
3 others. Where there are fewer, all are taken.

A stratum is drawn after the one before it, without what was drawn already for the same form.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.supervision.drawing import Candidate, draw

SHOPS, SHUT_DOWN = 10, 10
TOWNS, DUST, LET, OTHERS = 1, 10, 2, 3
LEVELS = {"provincial": ("city",), "city": ("city", "county")}
STRATA: dict[str, str] = {
    "unit": "被督导单位的基础资料、管理台帐",
    "counties": "县（市、区），不少于一半",
    "chemical_unfinished": "未完成整治的“小化工”，全部",
    "chemical_finished": "其余“小化工”，与未完成的合计不少于问题清单的一半",
    "shops": f"其他“小字头” {SHOPS} 家",
    "shut_down": f"“停产停业”企业 {SHUT_DOWN} 家",
    "towns": f"乡镇（街道），每县不少于 {TOWNS} 个",
    "dust": f"粉尘涉爆企业，每县 {DUST} 家",
    "let": f"“厂中厂”，每县 {LET} 处",
    "others": f"其他企业，每县 {OTHERS} 家",
}
RULES = {
    "provincial": ("unit", "counties", "chemical_unfinished", "chemical_finished", "shops", "shut_down"),
    "city": ("towns", "dust", "let", "others"),
}


class Stratum(NamedTuple):
    """What one rule draws from: `want` of the candidates; None: all of them. `unit_code`: in which unit."""

    code: str
    unit_code: str
    form: str
    want: int | None
    candidates: tuple[Candidate, ...]


class Sampled(NamedTuple):
    """One subject drawn. `why`: {"all": true} or its weight, number and rank among how many for how many."""

    subject: str
    form: str
    stratum: str
    why: dict[str, Any]


def sample(seed: str, strata: Iterable[Stratum]) -> list[Sampled]:
    """What the rules draw with a seed, in the order of the strata, each in the order of its keys."""
    taken: set[tuple[str, str]] = set()
    found: list[Sampled] = []
    for stratum in strata:
        free = [each for each in stratum.candidates if (each.subject, stratum.form) not in taken]
        for one in _drawn(seed, stratum, free):
            taken.add((one.subject, one.form))
            found.append(one)
    return found


def _drawn(seed: str, stratum: Stratum, free: list[Candidate]) -> list[Sampled]:
    if stratum.want is None or stratum.want >= len(free):
        why: dict[str, Any] = {"all": True, "of": len(free), "want": stratum.want}
        return [
            Sampled(each.subject, stratum.form, stratum.code, why)
            for each in sorted(free, key=lambda each: each.subject)
        ]
    return [
        Sampled(
            one.subject,
            stratum.form,
            stratum.code,
            {"weight": one.weight, "uniform": one.uniform, "rank": one.rank, "of": len(free), "want": stratum.want},
        )
        for one in draw(seed, free, stratum.want)
    ]


def half(number: int) -> int:
    """At least a half, in whole ones."""
    return (number + 1) // 2


def counted(strata: Iterable[Stratum], drawn: Iterable[Sampled]) -> list[dict[str, Any]]:
    """For each rule: how many there were over all units, how many were asked for (None: all), how many were drawn."""
    rows: dict[str, dict[str, Any]] = {}
    for stratum in strata:
        row = rows.setdefault(stratum.code, {"code": stratum.code, "of": 0, "want": 0, "drawn": 0})
        row["of"] += len(stratum.candidates)
        row["want"] = None if stratum.want is None or row["want"] is None else row["want"] + stratum.want
    for one in drawn:
        rows[one.stratum]["drawn"] += 1
    return list(rows.values())


def packed(strata: Iterable[Stratum]) -> list[dict[str, Any]]:
    """The strata as plain values, for keeping."""
    return [{**each._asdict(), "candidates": [list(one) for one in each.candidates]} for each in strata]


def unpacked(plain: Iterable[Mapping[str, Any]]) -> list[Stratum]:
    """What `packed` made, back again."""
    return [
        Stratum(
            each["code"],
            each["unit_code"],
            each["form"],
            each["want"],
            tuple(Candidate(str(subject), int(weight)) for subject, weight in each["candidates"]),
        )
        for each in plain
    ]
