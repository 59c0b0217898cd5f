"""How sure it is that a row and a name on the ground are one: a score from 0 to 1 with its reasons.

Each sign (name, address, place) gives a certainty of its own; together they are 1 - (1 - a)(1 - b)(1 - c), as
independent witnesses are. The code of the firm settles it alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Certain enough to stand without a person, if nothing else comes near; worth a person's look.
MATCHED = 0.85
DOUBTFUL = 0.5
AHEAD = 0.05
MAX_CANDIDATES = 5
# The most that each sign says alone.
NAME, ADDRESS, PLACE = 0.88, 0.5, 0.5
# Likeness below which a sign says nothing.
NAME_FROM, ADDRESS_FROM = 0.6, 0.6
# The same own name with another legal form: a works that became a company, or another firm.
OTHER_FORM = 0.94
# A name of so few characters may be anybody's.
SHORT_NAME = 5
SHORT_NAME_SAYS = 0.8
OTHER_HOUSE = 0.5
HOUSE_UNKNOWN = 0.85
NEAR_M = 50.0
FAR_M = 1000.0
FAR_SAYS = 0.1
# However alike, firms with different codes are two until a person says otherwise.
OTHER_CODE_AT_MOST = 0.84


@dataclass
class Signs:
    """What speaks for pairs; arrays of one length. NaN: nothing is known of it. Likenesses are 0 to 1."""

    same_code: Bools
    other_code: Bools
    name: Floats
    short_name: Bools
    other_form: Bools
    address: Floats
    distance_m: Floats


def scores(signs: Signs) -> Floats:
    """The score of each pair."""
    name = _scaled(signs.name, NAME_FROM) * NAME
    name = np.where(signs.short_name, name * SHORT_NAME_SAYS, name)
    address = _scaled(signs.address, ADDRESS_FROM) * ADDRESS
    place = np.where(signs.distance_m <= NEAR_M, PLACE, 0.0)
    score = 1 - (1 - name) * (1 - address) * (1 - place)
    score = np.where(signs.distance_m > FAR_M, np.maximum(score - FAR_SAYS, 0.0), score)
    score = np.where(signs.other_code, np.minimum(score, OTHER_CODE_AT_MOST), score)
    result: Floats = np.where(signs.same_code, 1.0, score)
    return result


def _scaled(likeness: Floats, from_: float) -> Floats:
    """0 up to `from_` and where nothing is known, 1 for the same."""
    known = np.nan_to_num(likeness, nan=0.0)
    result: Floats = np.clip((known - from_) / (1 - from_), 0.0, 1.0)
    return result


def reasons(signs: Signs, at: int) -> list[str]:
    """Why a pair has its score, in Chinese, strongest first."""
    said: list[str] = []
    if signs.same_code[at]:
        said.append("统一社会信用代码相同")
    if signs.other_code[at]:
        said.append("双方统一社会信用代码不同，不能只凭名称认定")
    said += _about_name(signs, at)
    likeness = signs.address[at]
    if likeness >= 1:
        said.append("地址相同")
    elif likeness >= ADDRESS_FROM:
        said.append(f"地址相似 {_percent(likeness)}")
    distance_m = signs.distance_m[at]
    if distance_m <= NEAR_M:
        said.append(f"位置相距 {distance_m:.0f} 米")
    elif distance_m > FAR_M:
        said.append(f"位置相距 {distance_m / 1000:.1f} 公里，可能是另一处")
    return said


def _about_name(signs: Signs, at: int) -> list[str]:
    likeness: Any = signs.name[at]
    if np.isnan(likeness):
        return []
    if likeness >= 1:
        return ["名称相同（名称较短，可能重名）" if signs.short_name[at] else "名称相同"]
    if signs.other_form[at]:
        return ["名称相同，组织形式不同"]
    if likeness >= NAME_FROM:
        return [f"名称相似 {_percent(likeness)}"]
    return ["名称不同，请核对是否已更名"] if signs.same_code[at] else ["名称不同"]


def _percent(share: float) -> str:
    return f"{int(share * 100)}%"
