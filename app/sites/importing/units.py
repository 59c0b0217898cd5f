"""Units as tables name them: by code, by name, or by the names of two levels."""

from collections import defaultdict

from sqlalchemy.orm import Session

from app.scope import Scope
from app.territory import service as territory

_LEVELS = ("village", "town", "county", "city")


class Units:
    """The units of a scope; `default`: the code of what is meant where a row names none."""

    def __init__(self, session: Session, scope: Scope, default: str | None) -> None:
        known = [unit for level in _LEVELS for unit in territory.units_of_level(session, scope, level)]
        names = {unit.code: unit.name for unit in known}
        self.codes = set(names)
        self.default = default
        self._named: dict[str, set[str]] = defaultdict(set)
        for unit in known:
            self._named[unit.name].add(unit.code)
            self._named[names.get(unit.parent_code or "", "") + unit.name].add(unit.code)

    def find(self, text: str | None) -> tuple[str, str | None]:
        """The code of a unit, and what is wrong with how it is named, None if nothing."""
        if not text:
            return (self.default, None) if self.default else ("", "没有填写，导入时也没有指定所属区划")
        if text.isdigit():
            code = text.ljust(12, "0")
            return (code, None) if code in self.codes else ("", f"“{text[:30]}”不是您管辖范围内的区划代码")
        found = self._named.get("".join(text.split()), set())
        if len(found) == 1:
            return next(iter(found)), None
        if found:
            return "", f"“{text[:30]}”有 {len(found)} 个同名区划，请写明上级（如“某镇某村”）或填写代码"
        return "", f"您管辖范围内没有“{text[:30]}”，请核对名称或填写区划代码"
