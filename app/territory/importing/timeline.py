"""What a row does to the versions of its code: nothing, a first version, a new one, or the day's own one again."""

from datetime import date
from typing import Literal, Protocol

from app.territory.importing.report import Findings, RowLabel

Step = Literal["keep", "add", "replace", "rewrite"]


class Version(Protocol):
    """The newest stored version of a code."""

    @property
    def valid_from(self) -> date:
        """Its first day."""

    @property
    def valid_to(self) -> date | None:
        """The day after its last; None while it is open."""


def step(latest: Version | None, same: bool, day: date, label: RowLabel, findings: Findings) -> Step:
    """What to do with a row effective on a day; an error when that would rewrite days already answered for."""
    if latest is None:
        return "add"
    if latest.valid_to is not None:
        if day < latest.valid_to:
            _too_early(label, latest.valid_to, "停用", findings)
        return "add"
    if same:
        return "keep"
    if day < latest.valid_from:
        _too_early(label, latest.valid_from, "生效", findings)
    return "rewrite" if day == latest.valid_from else "replace"


def can_end(latest: Version, day: date, label: RowLabel, findings: Findings) -> None:
    """An error when a version cannot end on a day because it began on it or later."""
    if day <= latest.valid_from:
        what = f"{latest.valid_from} 才生效，不能在 {day} 停用"
        findings.error(label, "too_early", what, f"生效日期改为 {latest.valid_from} 之后。")


def _too_early(label: RowLabel, last: date, what: str, findings: Findings) -> None:
    findings.error(label, "too_early", f"现有版本于 {last} {what}，晚于本次生效日期", f"生效日期改为 {last} 或之后。")
