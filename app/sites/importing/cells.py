"""Cells of a row into values, each refusal naming the column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.sites.importing.fields import FIELDS
from app.sites.schemas import OCCUPANCIES, RISKS, SHUT_DOWN_KINDS, SITE_KINDS, SUBLETS

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_YES_NO = {"是": "some", "有": "some", "否": "none", "无": "none", "没有": "none"}


class CellError(ValueError):
    """What is wrong with a cell, in Chinese."""


def read_all(cells: Mapping[str, str], names: tuple[str, ...], say: Callable[[str, str], None]) -> dict[str, Any]:
    """Values of the fields; what is blank or wrong is None, the latter told to `say` (field, what)."""
    found: dict[str, Any] = {}
    for name in names:
        text = cells.get(name, "").strip()
        try:
            found[name] = _READ.get(name, _plain)(name, text) if text else None
        except CellError as error:
            say(name, str(error))
            found[name] = None
    return found


def _plain(_name: str, text: str) -> str:
    return text


def _one_of(words: Mapping[str, str]) -> Callable[[str, str], str]:
    by_word = {word: code for code, word in words.items()}

    def read(_name: str, text: str) -> str:
        if text in words:
            return text
        if text not in by_word:
            raise CellError(f"“{text[:30]}”不可选，应为：{'、'.join(by_word)}")
        return by_word[text]

    return read


def _risk(name: str, text: str) -> str:
    return _one_of(RISKS)(name, re.sub(r"(风险|等级|级)+$", "", text))


def _sublets(name: str, text: str) -> str:
    return _YES_NO.get(text) or _one_of(SUBLETS)(name, text)


def _number(_name: str, text: str) -> float:
    try:
        return float(text.replace(",", "").replace("，", ""))
    except ValueError as error:
        raise CellError(f"“{text[:30]}”不是数字") from error


def _whole(name: str, text: str) -> int:
    number = _number(name, text.removesuffix("天"))
    if not number.is_integer():
        raise CellError(f"“{text[:30]}”应为整数")
    return int(number)


def _day(_name: str, text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise CellError(f"“{text[:30]}”不是日期，应如 2026-01-31") from error


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "kind": _one_of(SITE_KINDS),
    "occupancy": _one_of(OCCUPANCIES),
    "shut_down_kind": _one_of(SHUT_DOWN_KINDS),
    "risk": _risk,
    "sublets": _sublets,
    "cycle_days": _whole,
    "lon": _number,
    "lat": _number,
    "area_m2": _number,
} | dict.fromkeys(("dust_confirmed_on", "lease_from", "lease_to", "started_on"), _day)
if not _READ.keys() <= FIELDS.keys():
    raise RuntimeError("a reader of a field that is none")
