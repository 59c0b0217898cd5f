"""Bodies of POST /api/patrols: kept exactly, or refused naming the fix and the value."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from app.errors import DomainError, TooLargeError
from app.patrols.checks import check, check_place
from app.patrols.schemas import Record, read_patrol, record_of
from app.settings import Settings, UploadLimits
from tests.app.patrols.bodies import START, body, walk

SETTINGS = Settings(upload=UploadLimits(fixes=200))


def read(sent: Any) -> Record:
    record = record_of(read_patrol(json.dumps(sent).encode(), 200))
    check(record.fixes, SETTINGS)
    return record


def refusal(sent: Any) -> str:
    with pytest.raises(DomainError) as caught:
        read(sent)
    assert "未保存任何内容" in caught.value.message
    return caught.value.message


def with_fix(number: int, **changes: Any) -> dict[str, Any]:
    fixes = walk(5)
    fixes[number - 1] = {**fixes[number - 1], **changes}
    return body(fixes)


def test_values_are_kept_to_the_last_bit() -> None:
    fixes = walk(2)
    fixes[0].update(
        lon=119.95000000000002, speed_m_s=-1, heading_deg=361.5, mock=True, time="2024-10-01T08:00:00.123456+08:00"
    )
    fixes[1].update(accuracy_m=None, time=1727740805001)
    kept = read(body(fixes)).fixes
    assert kept.lon[0] == 119.95000000000002
    assert kept.time_us.tolist() == [1727740800123456, 1727740805001000]
    assert np.isnan(kept.accuracy_m[1])
    assert kept.speed_m_s is not None
    assert kept.speed_m_s[0] == -1
    assert np.isnan(kept.speed_m_s[1])
    assert kept.heading_deg is not None
    assert kept.heading_deg[0] == 361.5
    assert kept.mock is not None
    assert kept.mock.tolist() == [1, -1]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (with_fix(3, lon=float("nan")), "第 3 个定位点的经度 lon 不是有限的数"),
        (with_fix(3, lat=float("-inf")), "第 3 个定位点的纬度 lat 不是有限的数"),
        (with_fix(2, accuracy_m=float("nan")), "第 2 个定位点的精度 accuracy_m 不是有限的数"),
        (with_fix(2, accuracy_m=-1), "第 2 个定位点的精度 -1 米无效"),
        (with_fix(2, lon="119.9"), "第 2 个定位点的经度 lon 应为数字，现为 '119.9'"),
        (with_fix(2, lon=True), "第 2 个定位点的经度 lon 应为数字"),
        (with_fix(2, lon=None), "第 2 个定位点的经度 lon 应为数字"),
        (with_fix(2, lon=180.5), "第 2 个定位点的经度 180.5 超出范围"),
        (with_fix(2, lat=-90.5), "第 2 个定位点的纬度 -90.5 超出范围"),
        (with_fix(2, lat=86), "第 2 个定位点的纬度 86 超出本系统"),
        (with_fix(2, lon=488_000.0, lat=3_515_000.0), "不是投影坐标"),
        (with_fix(2, altitude=3), "第 2 个定位点的字段 'altitude' 不是接口约定的字段"),
        (with_fix(2, mock="yes"), "模拟定位标志 mock 应为 true 或 false"),
        (with_fix(4, time="2026-10-01T08:00:00"), "第 4 个定位点的时间 '2026-10-01T08:00:00' 没有时区"),
        (with_fix(4, time="昨天"), "第 4 个定位点的时间 '昨天' 不是 ISO-8601"),
        (with_fix(4, time=1.5), "第 4 个定位点的时间"),
        (with_fix(4, time=True), "第 4 个定位点的时间"),
        (with_fix(4, time=10**17), "不是 Unix 毫秒"),
        (with_fix(4, time=10**30), "第 4 个定位点的时间"),
        (with_fix(4, time=-1), "不是 Unix 毫秒"),
        (with_fix(4, time=1790812800), "疑似把 Unix 秒当作毫秒"),
        (with_fix(4, time="1999-12-31T00:00:00Z"), "早于 2000 年"),
        (with_fix(4, time="9999-12-31T23:59:59Z"), "在将来"),
        (body([]), "没有定位点"),
        (body(walk(201)), "定位点共 201 个，一次巡查最多 200 个"),
        (body([{**fix, "time": START.isoformat()} for fix in walk(5)]), "全部 5 个定位点的时间都是"),
        (body([{**f, "lon": f["lat"], "lat": f["lon"]} for f in walk(3)]), "疑似经纬度写反"),
        (body(id="1"), "巡查编号 id 不是 UUID"),
        (body(officer_code=""), "网格员编号 officer_code 不能为空"),
        (body(officer_code="  "), "网格员编号 officer_code 含有控制字符或全是空格"),
        (body(officer_code="a\0b"), "控制字符"),
        (body(officer_code="x" * 65), "超过 64 个字"),
        (body(label="x" * 201), "超过 200 个字"),
        (body(mode="horse"), "巡查方式 mode 应为 'foot', 'vehicle', 'drone' 之一，现为 'horse'"),
        (body(datum="火星"), "坐标系 datum 应为"),
        (body(extra=1), "字段 'extra' 不是接口约定的字段"),
        (body(fixes={}), "定位点 fixes 应为数组"),
        (body(fixes=[1]), "第 1 个定位点"),
        ([], "请求内容应为 JSON 对象"),
        ({"id": body()["id"]}, "没有填写"),
    ],
)
def test_bad_bodies_are_refused_in_words(sent: Any, words: str) -> None:
    message = refusal(sent)
    assert words in message
    assert len(message) < 300


def test_eleven_minutes_ahead_of_the_server_is_the_future() -> None:
    ahead = datetime.now(UTC) + timedelta(minutes=11)
    assert "在将来" in refusal(with_fix(4, time=ahead.isoformat()))


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'"\\ud800"', b"[" * 100_000, b'{"fixes": [NaN'])
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(DomainError, match="JSON"):
        read_patrol(raw, 200_000)


@pytest.mark.parametrize("item", [b"1,", b"{},", b'{"lon":1,"lat":1},', b"[[[[[[[[1]]]]]]]],"])
def test_ten_million_values_are_refused_before_they_are_parsed(item: bytes) -> None:
    raw = b'{"fixes":[' + item * (30_000_000 // len(item)) + b"1]}"
    with pytest.raises(TooLargeError, match="最多 200000 个"):
        read_patrol(raw, 200_000)


def test_a_clock_within_the_allowed_skew_is_accepted() -> None:
    read(body(walk(2, start=datetime.now(UTC) + timedelta(minutes=9))))


def test_one_fix_is_enough_to_be_kept() -> None:
    assert len(read(body(walk(1))).fixes) == 1


def test_exchanged_coordinates_are_found_by_where_the_units_are() -> None:
    kashgar = [(75.0, 39.0, 77.0, 40.0)]
    lon, lat = np.array([76.0]), np.array([39.5])
    assert check_place(lon, lat, kashgar) == []
    with pytest.raises(DomainError, match="疑似经纬度写反"):
        check_place(lat, lon, kashgar)
    assert "不在本系统的辖区" in check_place(lon + 20, lat, kashgar)[0]
    assert check_place(lat, lon, []) == []
