"""Which column holds what, guessed by the names such tables usually have."""

import pytest

from app.errors import InvalidInputError
from app.spreadsheets import check_mapping, guess_mapping

SYNONYMS = {
    "name": ("企业名称", "名称"),
    "uscc": ("统一社会信用代码",),
    "address": ("经营地址", "地址"),
    "phone": ("联系电话", "电话"),
}
FIELDS = {"name": "名称", "uscc": "代码", "address": "地址", "phone": "电话"}


def test_names_are_known_with_all_that_people_add_to_them() -> None:
    headers = ["序号", "* 企业名称（必填）", "统一社会信用代码 (18位)", "经营 地址", "联系人 / 电话"]
    assert guess_mapping(headers, SYNONYMS) == {
        "name": "* 企业名称（必填）",
        "uscc": "统一社会信用代码 (18位)",
        "address": "经营 地址",
        "phone": "联系人 / 电话",
    }


def test_a_better_name_wins_and_a_column_serves_one_field() -> None:
    assert guess_mapping(["地址", "经营地址"], SYNONYMS) == {"address": "经营地址"}
    assert guess_mapping(["a", "b"], SYNONYMS) == {}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"name": "没有的列"}, "没有的列"),
        ({"colour": "甲"}, "colour"),
        ({"name": "甲", "address": "甲"}, "两次"),
        ({"address": "甲"}, "名称"),
    ],
)
def test_a_wrong_choice_of_columns_is_refused(mapping: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        check_mapping(["甲", "乙"], mapping, FIELDS, ["name"])
