"""F4: the summary of unlawful small chemical works, one row for the unit."""

from typing import NamedTuple

from app.reports.cases import FormCase, Period
from app.reports.forms.figures import Count, counted
from app.reports.forms.wording import rules
from app.reports.table import Cell, Head, Table

TITLE = "非法违法“小化工”排查整治情况汇总表"
_KINDS = {
    "beyond_licence": "现有化工企业超许可范围生产储存危险化学品企业数",
    "unlicensed_firm": "非化工企业未经许可生产化工产品(危险化学品)企业数",
    "black_workshop": "无证无照或证照不全生产化工产品(危险化学品)的小企业、小作坊、黑窝点数",
    "affiliated": "以挂靠、租赁或“厂中厂”等方式非法违法生产化工产品(危险化学品)的单位或个人数",
}
HEADS = (
    Head("检查组个数", "number", 8),
    Head("出动执法人员人次", "number", 9),
    Head("排查企业(单位或个人)数", "number", 10),
    Head(
        "发现非法违法企业(单位或个人)数",
        below=(Head("合计", "number", 7), *(Head(text, "number", 15) for text in _KINDS.values())),
    ),
    Head("责令停产整顿企业数", "number", 9),
    Head("拆除非法生产装置企业数", "number", 10),
    Head("没收违法所得企业数", "number", 9),
    Head("没收违法所得金额(万元)", "money", 10),
    Head("实施经济处罚企业数", "number", 9),
    Head("实施经济处罚金额(万元)", "money", 10),
    Head("移送司法机关处理数", "number", 9),
)
SIGNED = ("填报人（签名）", "分管负责人（签名）", "联系电话")


def _is(kind: str) -> Count:
    return lambda case: int(case.chemical_kind == kind)


# In the order of the columns after 排查企业数.
COUNTS: dict[str, Count] = {
    "cases": lambda _case: 1,
    **{kind: _is(kind) for kind in _KINDS},
    "suspended": lambda case: int(case.is_suspended),
    "dismantled": lambda case: int(case.is_dismantled),
    "confiscated": lambda case: int(case.confiscated_wan > 0),
    "confiscated_wan": lambda case: case.confiscated_wan,
    "fined": lambda case: int(case.fine_wan > 0),
    "fine_wan": lambda case: case.fine_wan,
    "transferred": lambda case: int(case.transferred_persons > 0),
}


class Effort(NamedTuple):
    """What was told of the period's effort; None: nobody told any, which is not none. `notes`: what was left out."""

    teams: int | None
    person_times: int | None
    notes: list[str]


def table(cases: list[FormCase], sites: int, effort: Effort, period: Period) -> Table:
    """The summary of a unit. `sites`: how many were looked into in the period."""
    own = [case for case in cases if case.is_chemical]
    found = counted(COUNTS, own, sites)
    numbers: list[Cell] = [float(found[key]) if key.endswith("_wan") else int(found[key]) for key in COUNTS]
    notes = rules(own, period, "家")
    notes.append(
        "排查企业数：本期内实地进入检查过的场所数，同一场所多次检查计一家。"
        "移送司法机关处理数按企业（单位或个人）计。"
        "检查组个数：同一单位多次填报取最大值，各单位相加；出动人次为各次填报之和。"
    )
    row: list[Cell] = [effort.teams, effort.person_times, int(found["sites"]), *numbers]
    return Table("F4", TITLE, HEADS, [row], None, [*notes, *effort.notes], SIGNED, "A4")
