"""What people write into the cells of their lists, and what is refused."""

from decimal import Decimal

import pytest

from app.reports.cases import Area
from app.reports.importing import cells
from app.reports.importing.places import unit_of

TOWN = Area("1", "南桥镇", "town", "1")
UNITS = [
    TOWN,
    Area("2", "北塘街道", "town", "2"),
    Area("11", "柳树村", "village", "1.11"),
    Area("12", "石桥村", "village", "1.12"),
    Area("21", "石桥村", "village", "2.21"),
    Area("22", "新塘社区", "village", "2.22"),
]


@pytest.mark.parametrize(
    ("text", "head", "amount"),
    [
        ("0.5", "", "0.5"),
        ("０．５万", "", "0.5"),
        ("0.5万元", "罚款(元)", "0.5"),
        ("5000元", "行政处罚(万元)", "0.5"),
        ("5,000", "罚款（元）", "0.5"),
        ("罚款2万元", "", "2"),
        ("3千元", "", "0.3"),
        ("10", "", "10"),
        ("—", "", "0"),
        ("无", "", "0"),
    ],
)
def test_amounts_are_read_in_the_unit_they_are_written_in(text: str, head: str, amount: str) -> None:
    assert cells.wan(text, head) == Decimal(amount)


@pytest.mark.parametrize("text", ["约五万", "2-3万", "-1", "0.5元5角", "1234.5元", "5万左右?", "1e5", "999999999999"])
def test_amounts_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="金额"):
        cells.wan(text)


@pytest.mark.parametrize("text", ["？", "待定", "2"])
def test_what_is_neither_a_tick_nor_empty_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="勾选"):
        cells.tick(text)


@pytest.mark.parametrize("text", ["2026-02-30", "昨天", "3月5日", "46086"])
def test_days_that_do_not_exist_or_lack_a_year_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="日期"):
        cells.day(text)


@pytest.mark.parametrize(
    "text", ["已完成", "已完成整治", "整治完毕", "现场已整治到位，2026年3月5日验收", "已销号（2026-04-01）"]
)
def test_what_says_done_is_done(text: str) -> None:
    assert cells.is_finished(text)


@pytest.mark.parametrize(
    "text", ["", "未完成", "已完成 80%", "正在整改", "部分已完成", "整治中，未完成：断水", "已断电"]
)
def test_what_does_not_clearly_say_done_is_not(text: str) -> None:
    assert not cells.is_finished(text)


def test_chemicals_keep_a_comma_inside_their_names() -> None:
    assert [each["name"] for each in cells.chemicals("1,2-二氯乙烷 3桶、盐酸500公斤")] == ["1,2-二氯乙烷", "盐酸"]
    assert cells.chemicals("盐酸 约500公斤")[0] == {"name": "盐酸", "amount": 500.0, "unit": "公斤"}


def test_stages_that_are_none_are_refused() -> None:
    assert cells.stages("加工、存放") == ["produce", "store"]
    with pytest.raises(ValueError, match="环节"):
        cells.stages("运输")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南桥镇柳树村", "11"),
        ("柳树村委会", "11"),
        ("南桥镇 石桥村", "12"),
        ("北塘街道石桥村", "21"),
        ("新塘居委会", "22"),
        ("南桥", "1"),
        ("石桥村", None),
        ("外地镇", None),
    ],
)
def test_a_place_is_the_lowest_unit_named_and_never_a_guess(text: str, code: str | None) -> None:
    found = unit_of(text, UNITS)
    assert (found.code if found else None) == code
