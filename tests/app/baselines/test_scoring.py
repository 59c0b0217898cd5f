"""Which row is which: the rules of the score, each with the reason a person reads."""

import math
from collections.abc import Sequence

import pytest

from app.baselines import scoring
from app.baselines.addresses import Addresser
from app.baselines.candidates import Index, Known, Side
from app.baselines.comparing import Verdict, compare
from app.baselines.names import Namer

NAMER, ADDRESSER = Namer(["常州市"]), Addresser(["常州市", "南桥镇"])
CODE, OTHER_CODE = "91110000600037341L", "91320411MA1W2X3Y4Z"
METRE = 1 / 111_320


def known(
    name: str | None = None,
    code: str | None = None,
    address: str | None = None,
    at: tuple[float, float] | None = None,
    *,
    is_part: bool = False,
) -> Known:
    """A row, or a name on the ground; `at`: metres to the east and north of a place."""
    east, north = at or (math.nan, math.nan)
    lon, lat = 119.8 + east * METRE / math.cos(math.radians(31.7)), 31.7 + north * METRE
    return Known(name, code, address, lon, lat, is_part)


def verdict(row: Known, targets: Sequence[Known], sites: Sequence[object] | None = None) -> Verdict:
    """What becomes of a row; each target is a site of its own unless stated."""
    index = Index(Side(targets, NAMER, ADDRESSER))
    return compare(Side([row], NAMER, ADDRESSER), index, sites or range(len(targets)))[0]


FILLER = [known(f"某某{word}制品厂") for word in ("木器", "玻璃", "塑料", "纸箱", "陶瓷", "皮革", "竹编", "藤条")]


def test_the_same_code_settles_it_whatever_the_name() -> None:
    found = verdict(known("新名字电子厂", CODE), [*FILLER, known("老名字机械厂", CODE)])
    assert (found.state, found.score, found.candidates[0].target) == ("matched", 1.0, 8)
    assert found.reasons[0] == "统一社会信用代码相同"
    assert "更名" in found.reasons[1]


def test_the_same_code_at_two_places_waits_for_a_person() -> None:
    found = verdict(known("宏达机械厂", CODE), [known("宏达机械厂", CODE), known("宏达机械二厂", CODE)])
    assert (found.state, len(found.candidates)) == ("doubtful", 2)
    assert "同一代码登记在多处场所" in found.reasons


def test_the_same_name_alone_is_enough_when_it_says_enough() -> None:
    found = verdict(known("常州市宏达机械有限公司"), [*FILLER, known("宏达机械（常州）有限公司")])
    assert (found.state, found.score) == ("matched", scoring.NAME)
    assert found.reasons == ["名称相同"]


def test_a_short_name_alone_is_not() -> None:
    found = verdict(known("宏达厂"), [*FILLER, known("宏达厂")])
    assert found.state == "doubtful"
    assert "重名" in found.reasons[0]


def test_another_code_forbids_a_match_by_name_and_address() -> None:
    row = known("宏达机械有限公司", CODE, "人民路12号", (0, 0))
    found = verdict(row, [*FILLER, known("宏达机械有限公司", OTHER_CODE, "人民路12号", (5, 0))])
    assert (found.state, found.score) == ("doubtful", scoring.OTHER_CODE_AT_MOST)
    assert "双方统一社会信用代码不同，不能只凭名称认定" in found.reasons


def test_a_like_name_needs_the_address_or_the_place() -> None:
    target = known("宏达机械厂", address="常州市南桥镇人民路12号", at=(0, 0))
    alone = verdict(known("宏达机械有限公司"), [*FILLER, target])
    assert (alone.state, alone.reasons) == ("doubtful", ["名称相同，组织形式不同"])
    with_address = verdict(known("宏达机械有限公司", address="人民路12号"), [*FILLER, target])
    assert (with_address.state, with_address.reasons) == ("matched", ["名称相同，组织形式不同", "地址相同"])
    with_place = verdict(known("宏达机械有限公司", at=(30, 0)), [*FILLER, target])
    assert (with_place.state, with_place.reasons[1]) == ("matched", "位置相距 30 米")


def test_another_house_number_is_another_house() -> None:
    target = known("宏达机械厂", address="人民路12号")
    found = verdict(known("宏达机械有限公司", address="人民路14号"), [*FILLER, target])
    assert found.state == "doubtful"
    assert "地址相同" not in found.reasons


def test_the_house_and_the_place_without_the_name_wait_for_a_person() -> None:
    row = known("鑫源电镀厂", address="人民路12号", at=(0, 0))
    found = verdict(row, [*FILLER, known("出租厂房", address="人民路12号", at=(10, 0))])
    assert (found.state, found.score) == ("doubtful", 0.75)
    assert found.reasons == ["名称不同", "地址相同", "位置相距 10 米"]


def test_beyond_fifty_metres_the_place_says_nothing_and_far_off_speaks_against() -> None:
    target = known("宏达机械有限公司", at=(0, 0))
    near, beyond, far = (verdict(known("宏达机械有限公司", at=(x, 0)), [target]) for x in (49, 51, 2000))
    assert (near.score or 0) > (beyond.score or 0) == scoring.NAME > (far.score or 0)
    assert (near.state, beyond.state, far.state) == ("matched", "matched", "doubtful")
    assert far.reasons[-1].startswith("位置相距 2.0 公里")


def test_two_of_one_name_wait_for_a_person_unless_the_address_tells_them_apart() -> None:
    targets = [known("宏达机械有限公司", address="人民路12号"), known("宏达机械有限公司", address="新园路3号")]
    found = verdict(known("宏达机械有限公司"), targets)
    assert (found.state, [each.target for each in found.candidates]) == ("doubtful", [0, 1])
    assert "另有得分相近的场所" in found.reasons
    found = verdict(known("宏达机械有限公司", address="新园路3号"), targets)
    assert (found.state, found.candidates[0].target) == ("matched", 1)


def test_a_tenant_is_told_from_the_site_it_is_in() -> None:
    site = known("南桥工业园", address="人民路12号", at=(0, 0))
    tenants = [
        known(name, address="人民路12号", at=(0, 0), is_part=True) for name in ("宏达机械有限公司", "鑫源电镀有限公司")
    ]
    found = verdict(known("鑫源电镀有限公司", address="人民路12号"), [site, *tenants], ["园", "园", "园"])
    assert (found.state, found.candidates[0].target) == ("matched", 2)
    same = verdict(known("宏达机械有限公司"), [known("宏达机械有限公司"), tenants[0]], ["园", "园"])
    assert (same.state, same.candidates[0].target) == ("matched", 1), "of a site and its tenant the tenant says more"


def test_what_is_like_nothing_is_unmatched_and_says_so() -> None:
    found = verdict(known("鑫源电镀厂"), FILLER)
    assert (found.state, found.candidates) == ("unmatched", [])
    assert found.reasons[0].startswith(("没有", "最相近"))
    assert verdict(known("鑫源电镀厂"), []).state == "unmatched"
    assert verdict(known(), FILLER).state == "unmatched"


def test_no_more_than_five_are_offered_best_first() -> None:
    targets = [known("宏达机械有限公司", address=f"人民路{n}号") for n in range(1, 9)]
    found = verdict(known("宏达机械有限公司"), targets)
    assert len(found.candidates) == scoring.MAX_CANDIDATES
    assert [each.score for each in found.candidates] == sorted((each.score for each in found.candidates), reverse=True)


@pytest.mark.parametrize("typo", ["宏达机诫有限公司", "宏大机械有限公司", "宏达机械制造有限公司"])
def test_a_slip_of_the_pen_is_found_again_and_waits_for_a_person(typo: str) -> None:
    found = verdict(known(typo, address="人民路12号"), [*FILLER, known("宏达机械有限公司", address="人民路12号")])
    assert (found.state, found.candidates[0].target) == ("doubtful", 8)
    assert any(reason.startswith("名称相似") for reason in found.reasons)
