"""F2: the summary of problems of small workshops and of firms that have stopped, one row an area, last row 合计."""

from collections.abc import Mapping, Sequence

from app.cases.schemas import CATEGORIES
from app.reports.cases import SHUT_DOWN, SMALL_CATEGORIES, Area, FormCase, Period
from app.reports.forms.figures import OWN_LEVEL, SITES, Count, Figures, Summary, summary
from app.reports.forms.wording import SIGNED, rules
from app.reports.table import Cell, Head, Table

TITLE = "违法违规“小字头”及“停产停业”企业排查整治问题汇总表"
HEADS = (
    Head("地区", width=19),
    Head("排查总数", "number", 8),
    Head("问题总数(家)", "number", 6.5),
    Head(
        "问题类别",
        below=(
            Head("小字头(家)", below=tuple(Head(CATEGORIES[code], "number", 6.5) for code in SMALL_CATEGORIES)),
            Head("停产停业(家)", "number", 6.5),
        ),
    ),
    Head("整治完成数(家)", "number", 7.5),
    Head("“两断三清”(家)", "number", 8),
    Head("立案查处(家)", "number", 6.5),
    Head("行政处罚(万元)", "money", 8),
    Head("没收违法所得(万元)", "money", 10),
    Head("移送司法机关数(家)", "number", 8.5),
    Head("行政、刑事拘留人数", "number", 9),
    Head("党纪政纪处理人数", "number", 8),
)


def _is(category: str) -> Count:
    return lambda case: int(case.category == category)


# In the order of the columns after 排查总数.
COUNTS: dict[str, Count] = {
    "cases": lambda _case: 1,
    **{code: _is(code) for code in (*SMALL_CATEGORIES, SHUT_DOWN)},
    "finished": lambda case: int(case.is_finished),
    "cleared": lambda case: int(case.is_cleared),
    "filed": lambda case: int(case.is_filed),
    "fine_wan": lambda case: case.fine_wan,
    "confiscated_wan": lambda case: case.confiscated_wan,
    "transferred": lambda case: int(case.transferred_persons > 0),
    "detained_persons": lambda case: case.detained_persons,
    "disciplined_persons": lambda case: case.disciplined_persons,
}


def figures(unit: Area, below: Sequence[Area], cases: Sequence[FormCase], sites: Mapping[str, int]) -> Summary:
    """What the form counts, by area; chemical cases are F4's."""
    return summary(unit, below, COUNTS, [case for case in cases if not case.is_chemical], sites)


def table(unit: Area, below: Sequence[Area], cases: list[FormCase], sites: Mapping[str, int], period: Period) -> Table:
    """The summary of a unit. `sites`: sites looked into in the period, by the path of their unit."""
    own = [case for case in cases if not case.is_chemical]
    found = figures(unit, below, own, sites)
    rows = [_row(OWN_LEVEL if row.area is None else row.area.name, row.figures) for row in found.rows]
    notes = rules(own, period, "家")
    notes.append("排查总数：本期内实地进入检查过的场所数，同一场所多次检查计一家；大门紧锁、未能进入的不计。")
    return Table("F2", TITLE, HEADS, rows, _row("合计", found.total), notes, SIGNED, "A4")


def _row(name: str, found: Figures) -> list[Cell]:
    cells: list[Cell] = [name]
    for key in (SITES, *COUNTS):
        number = found[key]
        cells.append(float(number) if key.endswith("_wan") else int(number))
    return cells
