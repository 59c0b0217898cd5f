"""Rows of a file as typed drafts, each with what is wrong with it in words; and the report on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.baselines.names import Namer
from app.baselines.schemas import Problem, Report
from app.sites import service as sites
from app.spreadsheets import Sheet
from geo.datum import Datum, to_wgs84
from geo.errors import GeoError

MAX_LISTED = 200
NO_CODE = frozenset({"无", "暂无", "未知", "/", "-", "—"})
SUMS = frozenset({"合计", "总计", "小计", "累计"})
MAX_TEXT = 1000


@dataclass(slots=True)
class Draft:
    """A row as the file says it. Place in WGS-84; None: none, or none that can be."""

    row_number: int
    name: str | None
    uscc: str | None
    uscc_valid: bool
    address: str | None
    contact: str | None
    unit: str | None
    extra: dict[str, str]
    x: str = ""
    y: str = ""
    lon: float | None = None
    lat: float | None = None
    findings: list[str] = field(default_factory=list)


def read(sheet: Sheet, mapping: Mapping[str, str], datum: Datum | None) -> tuple[list[Draft], Report]:
    """Drafts of the rows that are kept, and what became of all. Rows alike to the last cell are one."""
    report = Report(read=len(sheet.rows), kept=0)
    drafts: list[Draft] = []
    first_of: dict[tuple[str, ...], int] = {}
    rest = [column for column in sheet.headers if column not in mapping.values()]
    places = {column: at for at, column in enumerate(sheet.headers)}
    for (number, cells), row in zip(sheet.records(mapping), sheet.rows, strict=True):
        skipped = _no_row(cells, row)
        if skipped:
            report.skipped += 1
            _list(report.skipped_rows, number, skipped)
        elif first_of.setdefault(tuple(row), number) != number:
            report.identical += 1
            if report.identical <= MAX_LISTED:
                report.identical_rows.append(number)
        else:
            extra = {column: row[places[column]] for column in rest if row[places[column]]}
            drafts.append(_draft(number, cells, extra))
    if datum is not None:
        _place(drafts, datum)
    _find_repeated(drafts, report)
    return drafts, report


def _no_row(cells: Mapping[str, str], row: list[str]) -> str | None:
    """Why a row is none of the list: a sum, or a remark below it; None for a row."""
    filled = [cell for cell in row if cell]
    if any(cell.replace(" ", "").rstrip(":：") in SUMS for cell in filled[:2]):
        return "合计行，不计入名单"
    told = any(cells.get(name) for name in ("name", "uscc", "address"))
    if not told and len(filled) == 1:
        return f"说明文字，不计入名单：{filled[0][:60]}"
    return None


def _draft(number: int, cells: Mapping[str, str], extra: dict[str, str]) -> Draft:
    code, wrong = _code(cells.get("uscc", ""))
    name, address = cells.get("name", ""), cells.get("address", "")
    draft = Draft(
        row_number=number,
        name=name[:MAX_TEXT] or None,
        uscc=code,
        uscc_valid=code is not None and wrong is None,
        address=address[:MAX_TEXT] or None,
        contact=cells.get("contact", "")[:MAX_TEXT] or None,
        unit=cells.get("unit") or None,
        extra=extra,
        x=cells.get("lon", ""),
        y=cells.get("lat", ""),
    )
    if wrong:
        draft.findings.append(wrong)
    if draft.name is None:
        draft.findings.append("没有名称" if code else "没有名称，也没有统一社会信用代码")
    if len(name) > MAX_TEXT or len(address) > MAX_TEXT:
        draft.findings.append(f"名称或地址超过 {MAX_TEXT} 个字，只保留了前面的部分")
    return draft


def _code(text: str) -> tuple[str | None, str | None]:
    """The code as it is kept (None: there is none), and what is wrong with it."""
    if not text or text in NO_CODE:
        return None, None
    fault = sites.fault_of(text)
    code = sites.compact(text)[:MAX_TEXT]
    return code, None if fault is None else f"统一社会信用代码 {code[:40]} 有误：{fault}"


def _place(drafts: Iterable[Draft], datum: Datum) -> None:
    """Places in WGS-84; a place that cannot be one becomes a finding."""
    placed = []
    for draft in drafts:
        if not draft.x and not draft.y:
            continue
        try:
            placed.append((draft, float(draft.x), float(draft.y)))
        except ValueError:
            draft.findings.append(f"坐标“{draft.x[:30]}，{draft.y[:30]}”不是数字，按无坐标处理")
    try:
        whole = to_wgs84(np.array([x for _, x, _ in placed]), np.array([y for _, _, y in placed]), datum)
        for (draft, _, _), lon, lat in zip(placed, *whole, strict=True):
            draft.lon, draft.lat = float(lon), float(lat)
    except GeoError:  # some row is wrong: one by one
        for draft, x, y in placed:
            _place_one(draft, x, y, datum)


def _place_one(draft: Draft, x: float, y: float, datum: Datum) -> None:
    try:
        lon, lat = to_wgs84(x, y, datum)
    except GeoError as error:
        swapped = "，可能经纬度颠倒" if error.facts.get("suspected") == "swapped" else ""
        draft.findings.append(f"坐标 {draft.x[:30]}，{draft.y[:30]} 不像是 {datum} 坐标{swapped}，按无坐标处理")
    else:
        draft.lon, draft.lat = float(lon), float(lat)


def _find_repeated(drafts: list[Draft], report: Report) -> None:
    """Rows that name the same firm again stay, since nobody knows which is right, and are told."""
    namer = Namer()
    first_of: dict[tuple[str, str], int] = {}
    for draft in drafts:
        code = draft.uscc if draft.uscc_valid else None
        whole = namer.read(draft.name).whole if draft.name else ""
        key = ("code", code) if code else ("name", f"{whole}\n{draft.address or ''}")
        if not code and not whole:
            continue
        first = first_of.setdefault(key, draft.row_number)
        if first != draft.row_number:
            report.repeated += 1
            draft.findings.append(f"与第 {first} 行重复（{'代码' if code else '名称和地址'}相同），仍计入名单")


def finish(drafts: list[Draft], report: Report) -> None:
    """Count what was found, once all is known."""
    report.kept = len(drafts)
    for draft in drafts:
        report.without_code += draft.uscc is None
        report.bad_codes += draft.uscc is not None and not draft.uscc_valid
        report.unplaced += draft.lon is None
        report.bad_places += draft.lon is None and bool(draft.x or draft.y)
        report.with_findings += bool(draft.findings)
        for what in draft.findings:
            _list(report.problems, draft.row_number, what)


def _list(problems: list[Problem], row: int, what: str) -> None:
    if len(problems) < MAX_LISTED:
        problems.append(Problem(row=row, what=what))
