"""Workbooks (.xlsx) of supervision: a form as it was filled in, and the report of a plan."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.supervision.forms import FORMS
from app.supervision.schemas import ItemDetail, LineOut, PlanReport

FONT, TITLE_FONT = "宋体", "黑体"
_LINE_PT, _WIDE = 15, 2  # a line of print; Chinese takes two of a spreadsheet's characters
_PAPER_A4 = 9
_NARROW = 15  # columns of figures and short words: in the middle


class _Book:
    """A workbook with the few formats that all of its sheets use."""

    def __init__(self, target: io.BytesIO) -> None:
        # Text stays text: a name that begins with "=" is no formula, one that looks like an address is no link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(target, {**options, "strings_to_numbers": False})
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
        self.title = self.book.add_format({**base, "font_name": TITLE_FONT, "font_size": 16, "align": "center"})
        self.plain = self.book.add_format(base)
        self.head = self.book.add_format({**base, "border": 1, "bold": True, "align": "center"})
        self.cell = self.book.add_format({**base, "border": 1})
        self.middle = self.book.add_format({**base, "border": 1, "align": "center"})

    def sheet(self, name: str, widths: Sequence[int], title: str, landscape: bool = False) -> Worksheet:
        """A new sheet with its title in the first row."""
        sheet = self.book.add_worksheet(name)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.merge_range(0, 0, 0, len(widths) - 1, title, self.title)
        sheet.set_row(0, 30)
        sheet.set_paper(_PAPER_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def table(
        self, sheet: Worksheet, row: int, widths: Sequence[int], heads: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> int:
        """Heads and rows from a row on; the row after them."""
        sheet.write_row(row, 0, heads, self.head)
        for at, cells in enumerate(rows, row + 1):
            for column, cell in enumerate(cells):
                write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                write(at, column, cell, self.middle if widths[column] < _NARROW else self.cell)
            sheet.set_row(at, _height_pt(cells, widths))
        return row + 1 + len(rows)


def filled_form(item: ItemDetail, by: str, on: str) -> bytes:
    """A form with its newest answers, to be printed and signed. `by`, `on`: 检查人, 时间; empty where nobody did."""
    widths = (6, 52, 44)
    with _written() as (target, book):
        sheet = book.sheet(item.form, widths, FORMS[item.form].title)
        row = 1
        for head, value in item.above:
            sheet.merge_range(row, 0, row, 2, f"{head}：{value}", book.plain)
            row += 1
        lines = [(line.number, line.text, said(line)) for line in item.lines]
        second = "督导内容" if item.form == "F5" else "检查内容"
        row = book.table(sheet, row, widths, ("序号", second, "检查情况"), lines)
        omission = {True: f"发现漏查：{item.words or ''}", False: "未发现漏查", None: ""}[item.found_omission]
        state = "" if item.state == "final" else f"（{item.state_text}）"
        for text in (f"漏查情况：{omission}{state}", f"检查人：{by}", f"时间：{on}", f"抽取依据：{item.why_text}"):
            sheet.merge_range(row, 0, row, 2, text, book.plain)
            sheet.set_row(row, _height_pt([text], [sum(widths)]))
            row += 1
    return target.getvalue()


def plan_report(report: PlanReport) -> bytes:
    """The report of a plan: what was drawn by which rule, by unit, by item, and what was left out."""
    plan = report.plan
    title = f"{plan.unit.name}专题督导情况（{plan.kind_text}）"
    with _written() as (target, book):
        widths: tuple[int, ...] = (40, 12, 12, 12)
        sheet = book.sheet("汇总", widths, title)
        seed = plan.seed or "方案结束后公布"
        sheet.merge_range(1, 0, 1, 3, f"{plan.name}　抽样日期：{plan.drawn_on}　公布的种子：{seed}", book.plain)
        strata = [(one.text, one.of, "全部" if one.want is None else one.want, one.drawn) for one in report.strata]
        row = book.table(sheet, 2, widths, ("抽样规则", "总数", "应抽", "抽中"), strata)
        units = [(one.unit.name, one.drawn, one.final, one.omissions) for one in report.units]
        total = ("合计", plan.items, plan.final, plan.omissions)
        book.table(sheet, row + 1, widths, ("地区", "应督导", "已定稿", "发现漏查"), [*units, total])
        _tallies(book, report)
        widths = (32, 20, 48, 12, 12)
        sheet = book.sheet("漏查", widths, "发现的漏查", landscape=True)
        left = [(one.name, one.unit_name, one.words or "", one.by_name, str(one.on)) for one in report.left_out]
        book.table(sheet, 1, widths, ("对象", "地区", "漏查情况", "检查人", "日期"), left)
    return target.getvalue()


def said(line: LineOut) -> str:
    """An answer as it is printed; what the system knows stands in brackets where nobody has answered."""
    parts = [line.answer_text, None if line.count is None else str(line.count), line.words]
    told = "，".join(part for part in parts if part)
    return told or (f"（系统记录：{line.known.text}）" if line.known else "")


def _tallies(book: _Book, report: PlanReport) -> None:
    widths = (6, 60, 8, 8, 8, 8)
    for form in FORMS.values():
        own = [one for one in report.tallies if one.form == form.code]
        if not own:
            continue
        sheet = book.sheet(form.code, widths, f"{form.title}（汇总）")
        rows = [(one.number, one.text, one.yes, one.no, one.partly, one.not_applicable) for one in own]
        book.table(sheet, 1, widths, ("序号", "内容", "是", "否", "部分", "不涉及"), rows)


@contextmanager
def _written() -> Iterator[tuple[io.BytesIO, _Book]]:
    target = io.BytesIO()
    book = _Book(target)
    yield target, book
    book.book.close()


def _height_pt(cells: Sequence[Any], widths: Sequence[int]) -> int:
    lines = [-(-_WIDE * len(str(cell)) // width) for cell, width in zip(cells, widths, strict=False)]
    return _LINE_PT * max([1, *lines]) + 6
