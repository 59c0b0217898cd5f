"""Names of firms, brought to one form: what two lists write differently for one firm becomes the same.

Pure functions of text; no database. The parts of a firm's name are those of the rules for registering them
(企业名称登记管理规定, article 6): region, own name (字号), trade, legal form.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

PROVINCES = (
    *("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西"),
    *("山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古"),
    *("广西", "西藏", "宁夏", "新疆", "香港", "澳门"),
)
# Longest first, so that what is left is the firm's own.
FORMS = (
    *("股份有限责任公司", "集团有限责任公司", "有限责任公司", "集团股份有限公司", "股份有限公司", "集团有限公司"),
    *("有限公司", "有限合伙", "责任公司", "农民专业合作社", "专业合作社", "合作社", "集团公司", "集团", "公司"),
    *("个人独资企业", "个体工商户", "普通合伙", "特殊普通合伙"),
    *("加工厂", "制造厂", "工厂", "总厂", "分厂", "厂", "加工部", "经营部", "门市部", "服务部", "销售部", "工作室"),
    *("加工店", "商店", "店", "商行", "行", "工场", "作坊", "加工坊", "坊", "铺", "站", "场"),
)
# Says what kind of person it is, not which.
_STATUS = ("个体工商户", "普通合伙", "特殊普通合伙", "有限合伙", "个人独资", "个人独资企业", "个体", "自然人独资")
_BRACKETS = re.compile(r"[(\[{【〔〈《<]([^)\]}】〕〉》>]*)[)\]}】〕〉》>]")
_NO_LETTERS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_UNIT_WORDS = "省市区县镇乡"
SHORTEST_OWN = 2


@dataclass(frozen=True, slots=True)
class FirmName:
    """A firm's name in one form. `whole`: all of it without its region; `own`: without its legal form too.

    Both are empty for a name without a letter. `form`: the legal form that was taken off, empty for none.
    """

    whole: str
    own: str
    form: str


class Namer:
    """Brings names to one form, knowing the names of the units around (regions at a name's beginning)."""

    def __init__(self, unit_names: Iterable[str] = ()) -> None:
        regions = {part for name in (*unit_names, *PROVINCES) for part in _forms_of_region(name)}
        self._regions = tuple(sorted(regions, key=len, reverse=True))
        self.read = lru_cache(maxsize=400_000)(self._read)

    def _read(self, name: str) -> FirmName:
        text = unicodedata.normalize("NFKC", name).lower()
        text = _BRACKETS.sub(self._of_brackets, text)
        text = self._without_regions(_NO_LETTERS.sub("", text))
        own, form = _split_form(text)
        return FirmName(text, own, form)

    def _of_brackets(self, found: re.Match[str]) -> str:
        inside = _NO_LETTERS.sub("", found[1])
        return "" if inside in _STATUS or inside in self._regions else inside

    def _without_regions(self, text: str) -> str:
        """Take regions off the beginning as long as a name remains."""
        while text.startswith(self._regions):
            region = next((r for r in self._regions if text.startswith(r) and len(text) - len(r) >= SHORTEST_OWN), None)
            if region is None:
                return text
            rest = text[len(region) :]
            if _split_form(rest)[0] == "":  # the region was the firm's own name
                return text
            text = rest
        return text


def _forms_of_region(name: str) -> set[str]:
    """A region as it is written in full and in short; of one character, nothing is left to tell it by."""
    text = _NO_LETTERS.sub("", unicodedata.normalize("NFKC", name).lower())
    short = text[:-1] if text[-1:] in _UNIT_WORDS and text else text.removesuffix("街道")
    short = short.removesuffix("自治")
    return {form for form in (text, short, f"{short}省", f"{short}市") if len(form) >= 2 and len(short) >= 2}


def _split_form(text: str) -> tuple[str, str]:
    """Own name and legal form; forms may stand one behind the other (…厂有限公司)."""
    form = ""
    while text.endswith(FORMS):
        last = next(f for f in FORMS if text.endswith(f))
        if form and len(text) - len(last) < SHORTEST_OWN:
            break
        text, form = text[: -len(last)], last + form
    return text, form
