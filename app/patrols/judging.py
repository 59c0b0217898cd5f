"""From raw fixes to what they prove: datum, cleaning, looks, and the account of it in words and numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.patrols.fixes import Floats, RawFixes, instant
from app.patrols.schemas import Amount, LeftOut, PatrolAnswer, Record
from geo.datum import Datum, to_wgs84
from geo.daytiles import Cells, day_date
from geo.frame import TileKey, tile_row_area_cm2
from geo.passing import Passing, passings
from geo.swath import Look, looks
from geo.tracks import MODE_RULES, Fixes, Mode, Reason, Track, TrackRules, clean

_MOCKED = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a record proves: its WGS-84 positions, its track, the looks that follow from it, and what it only passed."""

    lon: Floats
    lat: Floats
    track: Track
    looks: list[Look]
    passings: list[Passing]
    rules: TrackRules


def judge(fixes: RawFixes, datum: Datum, mode: Mode, utc_offset_s: int) -> Judgement:
    """Convert, clean and stamp. The same input gives the same looks, which is what `coverage verify` relies on."""
    lon, lat = to_wgs84(fixes.lon, fixes.lat, datum)
    rules = MODE_RULES[mode]
    moments = Fixes(lon, lat, fixes.time_us // 1000, fixes.accuracy_used_m())
    track = clean(moments, rules, utc_offset_s)
    seen = looks(track.segments, rules.half_width_m)
    passed = passings(moments, rules, seen, utc_offset_s) if track.left_out else []
    return Judgement(lon, lat, track, seen, passed, rules)


def answer(patrol: Record, judged: Judgement, notes: Iterable[str]) -> PatrolAnswer:
    """The account that the sender gets and that is stored with the patrol."""
    track = judged.track
    return PatrolAnswer(
        id=patrol.id,
        state="accepted",
        officer_code=patrol.officer_code,
        mode=patrol.mode,
        started_at=instant(int(patrol.fixes.time_us.min())),
        ended_at=instant(int(patrol.fixes.time_us.max())),
        fixes=len(patrol.fixes),
        counted=_amount(track.pairs, track.length_m, track.duration_s),
        left_out=[
            LeftOut(
                reason=reason.value,
                reason_text=reason_text(reason, judged.rules),
                **_amount(part.pairs, part.length_m, part.duration_s).model_dump(),
            )
            for reason, part in track.left_out.items()
        ],
        seen_m2=seen_cm2(judged.looks) / 10_000,
        days=seen_days(judged.looks),
        notes=[*patrol.notes, *_own_notes(patrol.fixes, track), *notes],
    )


def seen_cm2(seen: Iterable[Look]) -> int:
    """Ground of the cells of looks, each cell once whatever the number of days, in whole cm2."""
    by_tile: dict[TileKey, Cells] = {}
    for look in seen:
        known = by_tile.get(look.key)
        by_tile[look.key] = look.cells if known is None else known | look.cells
    return sum(int(np.dot(cells.sum(axis=1), tile_row_area_cm2(key.y))) for key, cells in by_tile.items())


def seen_days(seen: Iterable[Look]) -> list[date]:
    """Local days on which something was seen, in order."""
    found = (day_date(day) for day in sorted({look.day for look in seen}))
    return [day for day in found if day is not None]


def reason_text(reason: Reason, rules: TrackRules) -> str:
    """Why pairs did not count, with the limit that was passed."""
    texts: Mapping[Reason, str] = {
        Reason.NOT_LATER: "两点时间相同，无法判断先后",
        Reason.GAP: f"两点间隔超过 {rules.max_gap_s:g} 秒，中间去过哪里没有记录",
        Reason.WEAK_ACCURACY: f"定位精度差于 {rules.max_accuracy_m:g} 米",
        Reason.UNKNOWN_ACCURACY: "没有定位精度，无法判断位置是否可信",
        Reason.JUMP: f"两点相距超过 {rules.max_step_m:g} 米，疑似定位跳变",
        Reason.TOO_FAST: f"速度超过 {rules.max_speed_m_s:g} 米/秒，路过不等于看过",
    }
    return texts[reason]


def _amount(pairs: int, length_m: float, duration_s: float) -> Amount:
    return Amount(pairs=pairs, length_m=round(length_m, 1), minutes=round(duration_s / 60, 2))


def _own_notes(fixes: RawFixes, track: Track) -> list[str]:
    notes = []
    unknown = int(np.isnan(fixes.accuracy_m).sum())
    if fixes.assumed_accuracy_m is not None and unknown:
        notes.append(f"{unknown} 个定位点没有精度，按上传人说明的 {fixes.assumed_accuracy_m:g} 米计。")
    if fixes.mock is not None and (fixes.mock == _MOCKED).any():
        notes.append(f"{int((fixes.mock == _MOCKED).sum())} 个定位点被设备标为模拟定位，已如实保存，供核查。")
    if not track.pairs:
        why = "只有一个定位点" if len(fixes) == 1 else "没有一段符合要求"
        notes.append(f"未计入覆盖：{why}。原始记录已保存为证据。")
    return notes
