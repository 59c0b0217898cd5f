"""What people write into the cells of such lists. Each raises ValueError, in Chinese, for what it cannot read."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

NOTHING = frozenset({"", "无", "否", "没有", "未", "/", "\\", "-", "—", "--", "×", "x", "X", "0", "N", "n", "no", "NO",
                     "FALSE", "□", "☐"})  # fmt: skip
TICKS = frozenset({"√", "✓", "✔", "☑", "✅", "■", "●", "V", "v", "是", "有", "1", "Y", "y", "YES", "yes", "TRUE", "对"})
YUAN_A_WAN = Decimal(10_000)
_AMOUNT = re.compile(
    r"(?:罚款|处罚|罚没|没收|人民币|¥)*\s*:?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>万元|万|千元|仟元|元|圆)?整?"
)
_UNITS = {
    "万元": YUAN_A_WAN,
    "万": YUAN_A_WAN,
    "千元": Decimal(1000),
    "仟元": Decimal(1000),
    "元": Decimal(1),
    "圆": Decimal(1),
}
_COUNT = re.compile(r"(\d{1,6})(?:\.0+)?\s*[人名家个]?")
_DAY = re.compile(r"(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?")
_PLAIN_DAY = re.compile(r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_PIECES = re.compile(r"[；;、，\n]+|(?<!\d),|,(?!\d)")
_CHEMICAL = re.compile(
    r"(?P<name>.*?[^\d\s.约:])\s*[:约]*\s*(?P<amount>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>吨|公斤|千克|克|升|毫升|立方米|立方|方|桶|瓶|罐|袋|箱|包|kg|t|g|l|ml|m3)?(?:左右|余|多)?",
    re.IGNORECASE,
)
_STAGES = {"produce": ("生产", "加工"), "store": ("储存", "贮存", "存储", "存放"), "use": ("使用",)}
_OPEN = re.compile(r"未|没有|正在|部分|整治中|整改中|进行中|推进|\d\s*%")
_DONE = re.compile(r"已完成|完成整[治改]|整[治改](?:已)?(?:完成|完毕|到位)|已整[治改]|已销号|^完成$|^完毕$")


def plain(text: str) -> str:
    """The text in half width, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def tick(text: str) -> bool:
    """Whether a cell is ticked.

    >>> tick("√"), tick(" 是"), tick(""), tick("×")
    (True, True, False, False)
    """
    said = plain(text)
    if said in NOTHING:
        return False
    if said in TICKS:
        return True
    raise ValueError(f"“{text[:20]}”看不出是否勾选，请打“√”或留空")


def wan(text: str, head: str = "") -> Decimal:
    """An amount in 万元; without a unit of its own it is in that of its column's head, 万元 by default.

    >>> wan("0.5万"), wan("5000元"), wan("5,000", "罚款(元)"), wan("")
    (Decimal('0.5'), Decimal('0.5'), Decimal('0.5'), Decimal('0'))
    """
    said = plain(text)
    if said in NOTHING:
        return Decimal(0)
    found = _AMOUNT.fullmatch(said)
    if found is None:
        raise ValueError(f"金额“{text[:20]}”无法识别，请写成数字，如 0.5（万元）或 5000元")
    of_head = plain(head)
    unit = found["unit"] or ("元" if "元" in of_head and "万" not in of_head else "万元")
    try:
        amount = Decimal(found["number"].replace(",", "")) * _UNITS[unit] / YUAN_A_WAN
    except InvalidOperation as error:
        raise ValueError(f"金额“{text[:20]}”无法识别") from error
    exact = amount.quantize(Decimal("0.0001"))
    if exact != amount or exact >= Decimal(10) ** 8:
        raise ValueError(f"金额“{text[:20]}”应精确到元，且小于一亿万元")
    return exact.normalize() + 0 if exact else Decimal(0)


def count(text: str) -> int:
    """A number of people.

    >>> count("3人"), count("无")
    (3, 0)
    """
    said = plain(text)
    if said in NOTHING:
        return 0
    found = _COUNT.fullmatch(said)
    if found is None:
        raise ValueError(f"人数“{text[:20]}”无法识别，请写成数字")
    return int(found[1])


def day(text: str) -> date | None:
    """A day; None for an empty cell.

    >>> day("2026年3月5日"), day("2026/3/5"), day("")
    (datetime.date(2026, 3, 5), datetime.date(2026, 3, 5), None)
    """
    said = plain(text)
    if said in NOTHING:
        return None
    found = _DAY.match(said) or _PLAIN_DAY.fullmatch(said)
    if found is None:
        raise ValueError(f"日期“{text[:20]}”无法识别，请写成 2026-03-05 的样子")
    return _date(found)


def day_within(text: str) -> date | None:
    """The first day that a text names; None when it names none that exists."""
    found = _DAY.search(plain(text))
    try:
        return None if found is None else _date(found)
    except ValueError:
        return None


def stages(text: str) -> list[str]:
    """The stages that a text names. An empty one names none.

    >>> stages("生产、储存")
    ['produce', 'store']
    """
    said = plain(text)
    found = [code for code, words in _STAGES.items() if any(word in said for word in words)]
    if not found and said not in NOTHING:
        raise ValueError(f"环节“{text[:20]}”无法识别，应为生产、储存、使用")
    return found


def chemicals(text: str) -> list[dict[str, Any]]:
    """Chemicals with amounts where they are told.

    >>> chemicals("甲醇2吨；盐酸")
    [{'name': '甲醇', 'amount': 2.0, 'unit': '吨'}, {'name': '盐酸', 'amount': None, 'unit': None}]
    """
    found = []
    for piece in _PIECES.split(plain(text)):
        said = piece.strip()
        if said in NOTHING:
            continue
        told = _CHEMICAL.fullmatch(said)
        name = said if told is None else told["name"].strip()
        if len(name) > 100:
            raise ValueError(f"化学品“{name[:20]}…”超过 100 字，请用分号隔开各品种")
        amount = None if told is None else float(told["amount"])
        found.append({"name": name, "amount": amount, "unit": None if told is None else told["unit"]})
    return found


def is_finished(text: str) -> bool:
    """Whether a text says that the work on the ground is done; what is unclear is not.

    >>> is_finished("已完成"), is_finished("未完成"), is_finished("已完成80%"), is_finished("正在整改")
    (True, False, False, False)
    """
    said = plain(text)
    return bool(_DONE.search(said)) and not _OPEN.search(said)


def _date(found: re.Match[str]) -> date:
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise ValueError(f"日期“{found[0]}”不存在") from error
