"""Addresses, brought to one form: the road or village, and the numbers that tell house from house.

Pure functions of text; no database.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_NUMBER = re.compile(
    r"([零〇一二两三四五六七八九十百]+)(?=(?:号|幢|栋|楼|层|室|组|队|单元|区|期|座|车间|弄|巷))"
)
# What a number belongs to: first the house, then what is inside it.
_HOUSE = re.compile(r"(\d+)(?:[-至之](\d+))?(?:号|弄)")
_INSIDE = re.compile(r"(\d+)(幢|栋|座|号楼|号房|楼|层|室|单元|车间)")
_BARE = re.compile(r"(\d+(?:-\d+)*)$")
_NO_LETTERS = re.compile(r"[^0-9a-z\u3400-\u9fff-]+")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_INSIDE_WORDS = {"栋": "幢", "座": "幢", "号楼": "幢", "楼": "层"}


@dataclass(frozen=True, slots=True)
class Address:
    """`road`: all but regions and numbers; `house`: the house's number, empty for none; `inside`: floors and rooms."""

    road: str
    house: str
    inside: frozenset[str]

    @property
    def key(self) -> str:
        """What two writings of one house have in common; empty when it is not told exactly enough."""
        return f"{self.road}#{self.house}" if self.road and self.house else ""


NO_ADDRESS = Address("", "", frozenset())


class Addresser:
    """Brings addresses to one form, knowing the names of the towns and units above around.

    Villages' names stay: often nothing else is told beside the number.
    """

    def __init__(self, unit_names: Iterable[str] = ()) -> None:
        names = {_plain(name) for name in unit_names}
        shorter = {name[:-1] for name in names if name[-1:] in tuple("省市区县")}
        self._regions = sorted({name for name in names | shorter if len(name) >= 2}, key=len, reverse=True)
        self.read = lru_cache(maxsize=400_000)(self._read)

    def _read(self, address: str) -> Address:
        text = _CHINESE_NUMBER.sub(lambda found: str(_value(found[1])), _plain(_BRACKETS.sub("", address)))
        text = self._without_regions(text)
        inside = frozenset(f"{n}{_INSIDE_WORDS.get(word, word)}" for n, word in _INSIDE.findall(text))
        rest = _INSIDE.sub("", text)
        found = _HOUSE.search(rest)
        bare = None if found else _BARE.search(rest)
        house = "-".join(filter(None, found.groups())) if found else bare[1] if bare else ""
        cut = found or bare
        return Address((rest[: cut.start()] + rest[cut.end() :]) if cut else rest, house, inside)

    def _without_regions(self, text: str) -> str:
        """Take "…省…市…区…镇" off the beginning, known units' names or whatever ends like one."""
        text = re.sub(r"^[\u3400-\u9fff]{2,3}(?:省|自治区)", "", text)
        while True:
            region = next((r for r in self._regions if text.startswith(r) and len(text) > len(r) + 1), None)
            if region is None:
                break
            rest = text[len(region) :]
            if rest[0] in "路街道大巷弄":  # the road is called after the unit
                break
            text = rest
        return re.sub(r"^[\u3400-\u9fff]{2,3}市(?=[\u3400-\u9fff]{2})", "", text)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().replace("—", "-").replace("–", "-").replace("#", "号")
    return _NO_LETTERS.sub("", folded)


def _value(text: str) -> int:
    """A Chinese number below a thousand, or digits one by one (一二三)."""
    if not set(text) & {"十", "百"}:
        return int("".join(str(_DIGITS[character]) for character in text))
    value, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            value += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return value + digit
