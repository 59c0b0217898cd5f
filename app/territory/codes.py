"""Unit codes (GB/T 2260 to the county, GB/T 10114 below): 12 digits, two a level to the county, then three a level."""

from collections.abc import Iterator

_ENDS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
LEVELS = tuple(_ENDS)
LEVEL_NAMES = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "town": "镇级",
    "village": "村级",
    "grid": "网格",
}
LENGTH = 12
_FULL_LENGTHS = frozenset(_ENDS.values())


def normalise(text: str) -> str | None:
    """The 12-digit form of a code given with 2, 4, 6, 9 or 12 digits; None for anything else.

    >>> normalise("320404")
    '320404000000'
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _FULL_LENGTHS or digits[:2] == "00":
        return None
    return digits.ljust(LENGTH, "0")


def level_of(code: str) -> str:
    """The level a 12-digit code stands for: the last part that is not zero decides.

    >>> level_of("320404001000")
    'town'
    """
    for level in reversed(LEVELS):
        end, start = _ENDS[level], _start(level)
        if code[start:end].strip("0"):
            return level
    return "province"


def parent_of(code: str) -> str | None:
    """The code above: the last part that is not zero is set to zero; None for a province.

    A town straight under a city (441900003000) gets the city, since the county's digits are zero.

    >>> parent_of("320404001001"), parent_of("441900003000")
    ('320404001000', '441900000000')
    """
    level = level_of(code)
    return None if level == "province" else code[: _start(level)].ljust(LENGTH, "0")


def lineage(code: str) -> list[str]:
    """All codes from the province down to this one, itself last."""
    return [*reversed(list(_above(code))), code]


def path_of(code: str) -> str:
    """The ltree path of a unit: its whole lineage, also where no unit of that code is stored.

    So a path never changes when a unit above is imported later.
    """
    return ".".join(lineage(code))


def _above(code: str) -> Iterator[str]:
    above = parent_of(code)
    while above is not None:
        yield above
        above = parent_of(above)


def _start(level: str) -> int:
    at = LEVELS.index(level)
    return 0 if at == 0 else _ENDS[LEVELS[at - 1]]
