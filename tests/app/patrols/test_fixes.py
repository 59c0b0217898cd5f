"""Raw fixes survive storing bit by bit, and their digest tells any difference."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patrols.fixes import PayloadError, RawFixes, decode, digest, encode, instant, microseconds

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)
MAYBE = st.one_of(st.just(float("nan")), FLOATS)


@st.composite
def any_fixes(draw: st.DrawFn) -> RawFixes:
    count = draw(st.integers(1, 30))

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype=np.float64)

    times = draw(st.lists(st.integers(-(2**50), 2**50), min_size=count, max_size=count))
    return RawFixes(
        lon=column(FLOATS),
        lat=column(FLOATS),
        time_us=np.array(times, dtype=np.int64),
        accuracy_m=column(MAYBE),
        speed_m_s=column(MAYBE) if draw(st.booleans()) else None,
        heading_deg=column(MAYBE) if draw(st.booleans()) else None,
        mock=np.array(draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=count, max_size=count)), dtype=np.int8)
        if draw(st.booleans())
        else None,
        assumed_accuracy_m=draw(st.one_of(st.none(), st.floats(1, 50))),
    )


def columns(fixes: RawFixes) -> list[bytes | None]:
    parts = (fixes.lon, fixes.lat, fixes.time_us, fixes.accuracy_m, fixes.speed_m_s, fixes.heading_deg, fixes.mock)
    return [None if part is None else part.tobytes() for part in parts]


@given(any_fixes())
def test_kept_bit_by_bit(fixes: RawFixes) -> None:
    again = decode(encode(fixes))
    assert columns(again) == columns(fixes)
    assert again.assumed_accuracy_m == fixes.assumed_accuracy_m
    assert digest("o", "foot", "WGS-84", again) == digest("o", "foot", "WGS-84", fixes)


def some_fixes() -> RawFixes:
    return RawFixes(
        np.array([119.95, 119.9501]), np.array([31.77, 31.7701]), np.array([0, 5_000_000]), np.array([5.0, np.nan])
    )


def test_digest_tells_every_difference() -> None:
    fixes = some_fixes()
    others = [
        digest("a", "foot", "WGS-84", fixes),
        digest("b", "foot", "WGS-84", fixes),
        digest("a", "drone", "WGS-84", fixes),
        digest("a", "foot", "GCJ-02", fixes),
        digest("a", "foot", "WGS-84", replace(fixes, lon=fixes.lon[::-1])),
        digest("a", "foot", "WGS-84", replace(fixes, time_us=fixes.time_us + 1)),
        digest("a", "foot", "WGS-84", replace(fixes, accuracy_m=np.array([5.0, 5.0]))),
        digest("a", "foot", "WGS-84", replace(fixes, mock=np.array([0, 0], dtype=np.int8))),
        digest("a", "foot", "WGS-84", replace(fixes, assumed_accuracy_m=5.0)),
    ]
    assert len(set(others)) == len(others)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:0],
        lambda data: b"\x02" + data[1:],
        lambda data: data[:-3],
        lambda data: data[:1] + b"not compressed",
        lambda data: data[:1],
    ],
)
def test_other_bytes_are_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PayloadError):
        decode(spoil(encode(some_fixes())))


def test_microseconds_are_exact() -> None:
    at = datetime(2026, 10, 1, 8, 0, 0, 123457, tzinfo=UTC)
    assert instant(microseconds(at)) == at


def test_assumed_accuracy_fills_only_what_is_unknown() -> None:
    fixes = replace(some_fixes(), assumed_accuracy_m=12.0)
    assert fixes.accuracy_used_m().tolist() == [5.0, 12.0]
    assert np.isnan(fixes.accuracy_m[1])
