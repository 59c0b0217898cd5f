"""Figures never flatter: floored, 100% only for all, 0% only for none. Asked of the page's own modules."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

ASK = "async ([module, name, args]) => (await import(`/static/js/${module}`))[name](...args)"


@pytest.fixture
def ask(page: Page) -> Callable[..., Any]:
    """Call an exported function of a module in the browser."""
    page.goto("/static/icon.svg")
    return lambda module, name, *args: page.evaluate(ASK, [module, name, list(args)])


def test_figures_never_flatter(ask: Callable[..., Any]) -> None:
    """Areas, percentages, days and classes of colour."""
    # Square metres below a hectare, then hectares, then square kilometres; never rounded up.
    cases = [
        (None, "—"),
        (0, "0"),
        (0.4, "不足 1 m²"),
        (999.99, "999 m²"),
        (9999.9, "9,999 m²"),
        (10000, "1.00 公顷"),
        (33500, "3.35 公顷"),
        (999999, "99.9 公顷"),
        (1000000, "1.00 平方公里"),
        (9999999, "9.99 平方公里"),
        (4372900000, "4,372 平方公里"),
    ]
    assert [ask("format.js", "area", area) for area, _ in cases] == [text for _, text in cases]
    # A trace is not none, and nearly all is not all.
    shown: list[tuple[tuple[float | None, float], str]] = [
        ((None, 0), "—"),
        ((0, 0), "0%"),
        ((0.0, 3.5), "<0.1%"),
        ((99.9, 5), "99.9%"),
        ((100.0, 5), "100%"),
    ]
    assert [ask("format.js", "percent", *given) for given, _ in shown] == [text for _, text in shown]
    # Local days are counted as days, over months and years.
    assert ask("format.js", "ago", "2025-12-31", "2026-01-02") == "2 天前"
    assert ask("format.js", "ago", None, "2026-01-02") == "从未查看"
    assert ask("format.js", "addDays", "2024-02-28", 2) == "2024-03-01"
    # A class starts at its number; no figure is no class.
    values = [None, 0, 19.9, 20, 49.9, 50, 80, 94.9, 95, 100]
    assert [ask("palette.js", "classOf", value) for value in values] == [-1, 0, 0, 1, 1, 2, 3, 3, 4, 4]


def test_address_holds_the_state_and_bears_nonsense(ask: Callable[..., Any]) -> None:
    """parse and format undo each other; what is malformed counts as not given."""
    address = (
        "?unit=320491000000&cycle=30&on=2026-06-01&layers=units,tracks&spot=119.5,31.7&map=12.50/31.70000/119.50000"
    )
    assert ask("state.js", "format", ask("state.js", "parse", address)) == address
    nonsense = ask("state.js", "parse", "?cycle=-3&on=yesterday&spot=here&map=1/2&layers=none")
    assert nonsense["cycle"] is None
    assert nonsense["on"] is None
    assert nonsense["spot"] is None
    assert nonsense["view"] is None
    assert nonsense["layers"] == []
