"""What two lists write differently for one firm, or one house, becomes the same; what differs stays different."""

import pytest

from app.baselines.addresses import Addresser
from app.baselines.names import Namer

NAMER = Namer(["江苏省", "常州市", "武进区", "天宁区"])
ADDRESSER = Addresser(["江苏省", "常州市", "武进区", "天宁区", "雪堰镇", "南桥镇"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("常州宏达机械有限公司", "常州市宏达机械有限公司"),
        ("常州市宏达机械有限公司", "江苏省常州市宏达机械有限公司"),
        ("宏达机械（常州）有限公司", "常州宏达机械有限公司"),
        ("宏达机械(常州)有限公司", "宏达机械【常州】有限公司"),
        ("常州宏达机械有限公司", " 常州 宏达机械 有限公司 "),
        ("ＡＢＣ电子厂", "abc电子厂"),
        ("张三五金加工店（个体工商户）", "张三五金加工店"),
        ("武进区雪堰电镀厂", "常州市武进雪堰电镀厂"),
    ],
)
def test_writings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert NAMER.read(one).whole == NAMER.read(other).whole != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宏达机械厂", "宏达机械有限公司"),
        ("宏达机械有限责任公司", "宏达机械有限公司"),
        ("宏达机械厂", "宏达机械加工厂"),
    ],
)
def test_another_legal_form_leaves_the_own_name_and_is_told(one: str, other: str) -> None:
    first, second = NAMER.read(one), NAMER.read(other)
    assert first.own == second.own == "宏达机械"
    assert first.form != second.form
    assert first.whole != second.whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宏达机械厂", "鸿达机械厂"),
        ("常州宏达机械厂", "无锡宏达机械厂"),
        ("宏达机械厂（一分厂）", "宏达机械厂（二分厂）"),
        ("雪堰电镀厂", "南桥电镀厂"),
    ],
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert NAMER.read(one).whole != NAMER.read(other).whole


def test_a_name_that_is_a_region_or_a_form_alone_keeps_something() -> None:
    assert NAMER.read("常州有限公司").own == "常州"
    assert NAMER.read("加工厂").whole == "加工厂"
    assert NAMER.read("（）").whole == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江苏省常州市武进区雪堰镇人民路12号", "雪堰镇人民路12号"),
        ("武进区雪堰镇 人民路 12 号", "人民路１２号"),
        ("人民路十二号", "人民路12号"),
        ("人民路一百二十号", "人民路120号"),
        ("人民路12#", "人民路12号"),
        ("柳树村八号（原砖瓦厂内）", "柳树村8号"),
        ("人民路12号3幢201室", "人民路12号"),
    ],
)
def test_writings_of_one_house_are_the_same(one: str, other: str) -> None:
    assert ADDRESSER.read(one).key == ADDRESSER.read(other).key != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人民路12号", "人民路120号"),
        ("人民路12号", "人民东路12号"),
        ("柳树村8号", "石桥村8号"),
        ("人民路12-1号", "人民路12号"),
    ],
)
def test_other_houses_stay_others(one: str, other: str) -> None:
    assert ADDRESSER.read(one).key != ADDRESSER.read(other).key


def test_an_address_without_a_house_has_no_key_and_a_road_called_after_a_town_stays() -> None:
    assert ADDRESSER.read("人民路").key == ""
    assert ADDRESSER.read("人民路").road == "人民路"
    assert ADDRESSER.read("武进区南桥路5号").road == "南桥路"
    assert ADDRESSER.read("人民路12号3幢201室").inside == {"3幢", "201室"}
