"""Shapes as anybody may send them: made sound, or refused in words."""

from typing import Any

import pytest
import shapely

from app.errors import InvalidInputError
from app.sites import placing, uscc
from tests.app.sites.bodies import GOOD_USCC
from tests.support.seeding import cell

RING = [list(point) for point in cell(0.4, 2.4, 0.1, 0.1).exterior.coords]


@pytest.mark.parametrize(
    "coordinates",
    [
        None,
        "x",
        {},
        [],
        [[]],
        [None],
        [[["a", "b"]]],
        [[[1]]],
        [[[119.8, 31.7], [119.81, 31.7], [float("inf"), 31.71]]],
        [[[119.8, 31.7], [119.81, 31.7], [float("nan"), 31.71]]],
        [[[1e400, 31.7], [119.81, 31.7], [119.8, 31.71]]],
        [[[10**400, 31.7], [119.81, 31.7], [119.8, 31.71]]],
        [[[119.8, 31.7]] * 4],
        [[[119.8 + n * 1e-6, 31.7 + n % 2] for n in range(placing.MAX_VERTICES + 1)]],
        [[[110.0, 30.0], [120.0, 30.0], [120.0, 31.0], [110.0, 30.0]]],
    ],
)
@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_shapes_that_are_none_are_refused(coordinates: Any, kind: str) -> None:
    given = coordinates if kind == "Polygon" or not isinstance(coordinates, list) else [coordinates]
    with pytest.raises(InvalidInputError) as refused:
        placing.outline_of({"type": kind, "coordinates": given}, "WGS-84")
    assert "未保存" in refused.value.message


@pytest.mark.parametrize("given", [{}, {"type": "Point"}, {"type": ["Polygon"]}, {"type": None, "coordinates": []}])
def test_what_is_no_area_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        placing.outline_of(given, "WGS-84")


def test_heights_are_dropped() -> None:
    wkb = placing.outline_of({"type": "Polygon", "coordinates": [[[*point, 5.0] for point in RING]]}, "WGS-84")
    assert shapely.from_wkb(wkb).equals(shapely.MultiPolygon([shapely.Polygon(RING)]))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (GOOD_USCC, None),
        ("９１１１００００６０００３７３４１Ｌ", None),
        ("", "应为 18 位，现为 0 位"),
        ("91110000600037341L0", "现为 19 位"),
        ("无统一社会信用代码的个体工商户张三开的", "现为 19 位"),
        ("9111000060003734一L", "第 17 位“一”"),
        ("91110000600037314L", "末位应为"),
    ],
)
def test_faults_of_codes_are_named(given: str, fault: str | None) -> None:
    found = uscc.fault_of(given)
    assert found == fault if fault is None else fault in (found or "")
