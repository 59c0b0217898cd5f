"""Monthly readings of power users as companies send them: one column a month, or one row a month."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.errors import InvalidInputError
from app.leads.schemas import Problem
from app.spreadsheets import Sheet, guess_mapping

SYNONYMS = {
    "user_number": ("户号", "用户编号", "用电户号", "客户编号", "用户号", "user_number"),
    "name": ("户名", "用户名称", "客户名称", "企业名称", "单位名称", "名称", "name"),
    "address": ("用电地址", "地址", "用户地址", "address"),
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码", "uscc"),
    "month": ("月份", "年月", "电费年月", "用电月份", "month"),
    "kwh": ("用电量", "电量", "月用电量", "用电量（千瓦时）", "电量（千瓦时）", "kwh"),
}
_MONTH = re.compile(
    r"(?<!\d)(?P<year>20\d\d)\s*(?:[-/.年]\s*/?\s*)?(?P<month>0[1-9]|1[0-2]|[1-9])(?!\d)\s*(?:月|[-/.]\d{1,2}|\D|$)"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MOST_MONTHS = 120
_MOST_PROBLEMS = 50
NOTHING_KEPT = "未导入任何内容。"


@dataclass(slots=True)
class User:
    """A user of power; `kwh` by month (years since 0 x 12 + month from 0). `broken`: why it cannot be judged."""

    number: str
    name: str
    address: str
    uscc: str
    row: int
    kwh: dict[int, float] = field(default_factory=dict)
    broken: str | None = None


@dataclass(slots=True)
class Readings:
    """What a table holds: users in its order, its first and last month, and what was left out."""

    users: list[User]
    first: int
    last: int
    problems: list[Problem]


def month_of(text: str) -> int | None:
    """The month that a header or a cell names; None for none.

    >>> [month_name(month_of(t)) for t in ("2025-01", "2025年1月", "202512", "2025年 / 3月", "2025/4/1", "2025.05")]
    ['2025-01', '2025-01', '2025-12', '2025-03', '2025-04', '2025-05']
    >>> month_of("用电量"), month_of("202513"), month_of("1月")
    (None, None, None)
    """
    found = _MONTH.search(text.strip())
    return None if found is None else int(found["year"]) * 12 + int(found["month"]) - 1


def month_name(month: int | None) -> str:
    """A month as ISO writes it."""
    return "" if month is None else f"{month // 12}-{month % 12 + 1:02d}"


def read(sheet: Sheet) -> Readings:
    """The readings of a table. Raises InvalidInputError when columns or months cannot be made out."""
    columns = {month: header for header in sheet.headers if (month := month_of(header)) is not None}
    mapping = guess_mapping([name for name in sheet.headers if month_of(name) is None], SYNONYMS)
    is_long = not columns and {"month", "kwh"} <= mapping.keys()
    _check(sheet, columns, mapping, is_long)
    reader = _Reader()
    if is_long:
        for row, cells in sheet.records(mapping):
            reader.take_month(row, cells)
    else:
        wide = {name: header for name, header in mapping.items() if name not in ("month", "kwh")}
        names = {month_name(month): header for month, header in columns.items()}
        for row, cells in sheet.records(wide | names):
            reader.take_row(row, cells, columns)
    return reader.readings()


def _check(sheet: Sheet, columns: dict[int, str], mapping: dict[str, str], is_long: bool) -> None:
    found = "、".join(name for name in sheet.headers[:20] if name)
    if not {"user_number", "name"} & mapping.keys():
        raise InvalidInputError(f"没有找到户号或户名列（表头：{found}）。请核对表头。{NOTHING_KEPT}", problem="user")
    if not columns and not is_long:
        raise InvalidInputError(
            f"没有找到各月用电量：应每月一列（如 2025-01），或有“月份”和“用电量”两列（表头：{found}）。{NOTHING_KEPT}",
            problem="months",
        )
    in_ten_thousands = [name for name in (*columns.values(), mapping.get("kwh", "")) if "万" in name]
    if in_ten_thousands:
        raise InvalidInputError(
            f"列“{in_ten_thousands[0]}”的单位不是千瓦时。请换算为千瓦时后上传。{NOTHING_KEPT}", problem="unit"
        )
    if len({month_of(name) for name in sheet.headers} - {None}) < sum(month_of(n) is not None for n in sheet.headers):
        raise InvalidInputError(f"有两列是同一个月份，请核对表头。{NOTHING_KEPT}", problem="month_twice")


class _Reader:
    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.problems: list[Problem] = []

    def take_row(self, row: int, cells: dict[str, str], columns: Iterable[int]) -> None:
        user = self._user(row, cells)
        if user is None:
            return
        if user.row != row:
            self._break(user, row, f"户号与第 {user.row} 行重复")
            return
        for month in columns:
            self._put(user, row, month, cells[month_name(month)])

    def take_month(self, row: int, cells: dict[str, str]) -> None:
        user = self._user(row, cells)
        if user is None:
            return
        month = month_of(cells["month"])
        if month is None:
            self._break(user, row, f"月份“{cells['month'][:20]}”不能识别")
            return
        self._put(user, row, month, cells["kwh"])

    def readings(self) -> Readings:
        months = {month for user in self.users.values() for month in user.kwh}
        if not months:
            raise InvalidInputError(f"表中没有任何用电量读数。请核对内容。{NOTHING_KEPT}", problem="empty")
        if max(months) - min(months) >= _MOST_MONTHS:
            raise InvalidInputError(
                f"月份从 {month_name(min(months))} 到 {month_name(max(months))}，超过 {_MOST_MONTHS} 个月，"
                f"请核对月份。{NOTHING_KEPT}",
                problem="months",
            )
        return Readings(list(self.users.values()), min(months), max(months), self.problems[:_MOST_PROBLEMS])

    def _user(self, row: int, cells: dict[str, str]) -> User | None:
        stated = {
            name: " ".join(cells.get(name, "").split())[:200] for name in ("user_number", "name", "address", "uscc")
        }
        key = stated["user_number"] or stated["name"]
        if not key:
            if any(cells.values()):
                self.problems.append(Problem(row=row, text="没有户号和户名，未采用"))
            return None
        if key not in self.users:
            self.users[key] = User(key, stated["name"] or key, stated["address"], stated["uscc"].upper(), row)
        return self.users[key]

    def _put(self, user: User, row: int, month: int, text: str) -> None:
        plain = text.replace(",", "").replace("，", "").strip()
        if not plain:
            return
        value = float(plain) if _NUMBER.fullmatch(plain) else math.nan
        if not 0 <= value < 1e12:
            self._break(user, row, f"{month_name(month)} 的用电量“{text[:20]}”不是有效的读数")
        elif user.kwh.setdefault(month, value) != value:
            self._break(user, row, f"{month_name(month)} 有两个不同的读数")

    def _break(self, user: User, row: int, why: str) -> None:
        user.broken = why
        self.problems.append(Problem(row=row, text=f"{user.name}：{why}，该户未判断"))
