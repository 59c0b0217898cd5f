"""Invented firms and people for the demo: every name begins with 演示, every code with a body that is nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from stdnum.cn import uscc

BRANDS = [
    "恒达",
    "金顺",
    "宏昌",
    "永泰",
    "新联",
    "华茂",
    "立信",
    "东方",
    "龙腾",
    "兴旺",
    "瑞丰",
    "德盛",
    "万和",
    "三友",
    "长江",
    "天成",
    "富民",
    "建安",
    "同利",
    "广源",
]
TRADES = {
    "factory": "机械配件 精密模具 纺织 电子元件 五金制品 塑料制品 车辆配件 包装材料",
    "warehouse": "物流 仓储 建材 化工原料经营 冷链",
    "workshop": "喷涂加工 五金抛光 木器加工 印花加工 电镀加工 铸造加工",
    "tenant": "机械加工 喷涂加工 模具 木制品 五金抛光 印花加工 胶粘剂 清洗剂 家具 金属表面处理",
}
SUFFIXES = ("有限公司", "厂", "加工部", "经营部")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ["建国", "秀英", "志强", "桂兰", "海波", "玉梅", "永福", "丽华"]


@dataclass(frozen=True, slots=True)
class Firm:
    """A name and a code with a right check character."""

    name: str
    uscc: str


class Firms:
    """Invents firms one after another; the same for one draw, never the same name twice."""

    def __init__(self, draw: np.random.Generator) -> None:
        self._draw = draw
        self._names: set[str] = set()

    def firm(self, trade: str) -> Firm:
        """A firm of a trade of `TRADES`."""
        while (name := self._name(trade)) in self._names:
            pass
        self._names.add(name)
        return Firm(name, code(len(self._names)))

    def _name(self, trade: str) -> str:
        first, second = self._one(BRANDS), self._one(BRANDS)
        if second == first:  # no firm is called 金顺金顺
            second = BRANDS[(BRANDS.index(first) + 1) % len(BRANDS)]
        return f"演示{first}{second}{self._one(TRADES[trade].split())}{self._one(SUFFIXES)}"

    def person(self) -> str:
        """A name of a person."""
        return f"演示{self._one(SURNAMES)}{self._one(GIVEN)}"

    def phone(self) -> str:
        """A number that nobody has."""
        return f"000{int(self._draw.integers(10**8)):08d}"

    def _one(self, words: Sequence[str]) -> str:
        return str(words[int(self._draw.integers(len(words)))])


def code(number: int) -> str:
    """A unified social credit code (GB 32100) of an invented body."""
    body = f"91320404YDEM{number:05d}"
    return body + str(uscc.calc_check_digit(body))
