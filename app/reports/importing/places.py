"""Which unit the words for a place (南桥镇柳树村) mean."""

from collections.abc import Sequence

from app.reports.cases import Area
from app.reports.importing.cells import plain

_SUFFIXES = ("街道办事处", "居委会", "村委会", "街道", "社区", "镇", "乡", "村", "区", "县", "市")


def unit_of(text: str, units: Sequence[Area]) -> Area | None:
    """The lowest of the units whose name a text holds; None when it holds none, or several equally."""
    said = "".join(plain(text).split())
    for name in (lambda unit: unit.name, _stem):
        found = [unit for unit in units if name(unit) in said]
        lowest = [unit for unit in found if unit.path.count(".") == max(each.path.count(".") for each in found)]
        named = {unit.path for unit in found}
        if len(lowest) > 1:
            lowest = [unit for unit in lowest if unit.path.rpartition(".")[0] in named]
        if len(lowest) == 1:
            return lowest[0]
        if found:
            return None
    return None


def _stem(unit: Area) -> str:
    for suffix in _SUFFIXES:
        if unit.name.endswith(suffix) and len(unit.name) - len(suffix) >= 2:
            return unit.name.removesuffix(suffix)
    return unit.name
