"""Unified social credit codes (统一社会信用代码, GB 32100-2015), with what is wrong with one said in words."""

import re

from stdnum.cn import uscc

from app.errors import InvalidInputError

_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_LENGTH = 18
# What Chinese keyboards put in the place of plain digits and letters.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def checked(given: str | None, whose: str = "") -> str | None:
    """The code in capitals, without spaces and hyphens; None for none. Raises InvalidInputError naming the fault."""
    if given is None:
        return None
    fault = fault_of(given)
    if fault is not None:
        raise InvalidInputError(
            f"{whose}统一社会信用代码 {given.strip()} 不正确：{fault}。请对照营业执照改正；没有执照的请留空。",
            problem="uscc",
        )
    return compact(given)


def compact(given: str) -> str:
    """The code as it is kept."""
    return re.sub(r"[\s\-]", "", given.translate(_WIDE)).upper()


def fault_of(given: str) -> str | None:
    """What is wrong with a code, in Chinese; None for a right one."""
    code = compact(given)
    if len(code) != _LENGTH:
        return f"应为 {_LENGTH} 位，现为 {len(code)} 位"
    for at, sign in enumerate(code, 1):
        if sign not in _LETTERS:
            return f"第 {at} 位“{sign}”不是可用字符（代码只用数字和除 I、O、S、V、Z 外的大写字母）"
        if 3 <= at <= 8 and not sign.isdigit():
            return f"第 {at} 位“{sign}”应为数字（第 3 至 8 位是登记机关的行政区划码）"
    expected = str(uscc.calc_check_digit(code[:-1]))
    if code[-1] != expected:
        return f"校验码不符，末位应为“{expected}”，现为“{code[-1]}”，前面至少有一位填错，或末位填错"
    if not uscc.is_valid(code):
        return "不符合 GB 32100 的编码规则"
    return None
