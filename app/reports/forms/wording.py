"""What the forms say in common: the rule under each, amounts, signatures."""

from decimal import Decimal

from app.reports.cases import FormCase, Period, finished_in, found_in

SIGNED = ("填报人（签名）", "主要负责人（签名）", "联系电话")


def money(amount: Decimal) -> float | None:
    """An amount of 万元 as a number; None for none, so that an empty cell is not a zero fine."""
    return float(amount) or None


def count(number: int) -> int | None:
    """A number; None for zero."""
    return number or None


def rules(cases: list[FormCase], period: Period, unit: str) -> list[str]:
    """Which cases these are, and how many of them are news; `unit` is what they are counted in (家, 户)."""
    return [
        f"统计口径：{period.last_day} 及以前发现、{period.first_day} 以前未销号的问题，"
        f"已完成整治但未销号的仍列入；整治情况和处罚截至 {period.last_day}。",
        f"其中本期新发现 {found_in(cases, period)} {unit}，本期完成整治 {finished_in(cases, period)} {unit}。",
    ]
