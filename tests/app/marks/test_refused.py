"""What is no mark: each refusal says what is wrong, and leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from geo.datum import LocalMetric, local_metric
from tests.support.phone import HOME, mark, refused, send_photo, signed_in

Body = dict[str, Any]
PLANE: LocalMetric = local_metric(HOME)
MIDDLE = PLANE.to_metric(HOME).centroid


def square(side_m: float) -> shapely.Geometry:
    """A square around the middle of HOME."""
    half = side_m / 2
    return PLANE.to_lonlat(shapely.box(MIDDLE.x - half, MIDDLE.y - half, MIDDLE.x + half, MIDDLE.y + half))


def ring(count: int) -> shapely.Geometry:
    """A circle of some vertices."""
    return PLANE.to_lonlat(MIDDLE.buffer(60, quad_segs=count // 4))


def bow_tie() -> Body:
    lon, lat = HOME.centroid.coords[0]
    points = [[lon, lat], [lon + 0.001, lat + 0.001], [lon + 0.001, lat], [lon, lat + 0.001], [lon, lat]]
    return {"type": "Polygon", "coordinates": [points]}


def later(**amount: float) -> str:
    return (datetime.now(UTC) + timedelta(**amount)).isoformat()


def drawn(shape: shapely.Geometry) -> Body:
    return {"geometry": shapely.geometry.mapping(shape)}


REFUSED: dict[str, tuple[Callable[[], Body], str]] = {
    "too small": (lambda: drawn(square(4.4)), "至少应有 20 平方米"),
    "too large": (lambda: drawn(square(708.0)), "一次最多 500,000 平方米"),
    "too many vertices": (lambda: drawn(ring(504)), "最多 500 个"),
    "crosses itself": (lambda: {"geometry": bow_tie()}, "自相交"),
    "two points": (
        lambda: {"geometry": {"type": "Polygon", "coordinates": [[[119.8, 31.7], [119.9, 31.7], [119.8, 31.7]]]}},
        "不成面",
    ),
    "elsewhere": (lambda: drawn(shapely.affinity.translate(HOME, 1.0)), "不在本系统的辖区附近"),
    "lon and lat exchanged": (lambda: drawn(shapely.transform(HOME, lambda xy: xy[:, ::-1])), "不像是 WGS-84 坐标"),
    "no photo": (lambda: {"photo_ids": []}, "应附 1 至 6 张"),
    "an unknown photo": (lambda: {"photo_ids": [str(uuid4())]}, "还没有上传"),
    "seven photos": (lambda: {"photo_ids": [str(uuid4()) for _ in range(7)]}, "收到 7 张"),
    "another kind's reason": (lambda: {"reason": "locked"}, "不可选"),
    "other, and no word": (lambda: {"reason": "other"}, "写明具体情况"),
    "other, and a blank": (lambda: {"reason": "other", "note": " \n "}, "写明具体情况"),
    "made tomorrow": (lambda: {"made_at": later(hours=24)}, "在将来"),
    "made before 2000": (lambda: {"made_at": "1999-12-31T00:00:00+00:00"}, "早于 2000 年"),
    "a clock without a zone": (lambda: {"made_at": "2026-10-01T08:00:00"}, "made_at"),
    "declared until": (lambda: {"until": "2030-01-01"}, "只有“无法进入”"),
    "inaccessible for ever": (
        lambda: {"kind": "inaccessible", "reason": "locked", "until": "2099-01-01"},
        "最长 90 天",
    ),
    "inaccessible until yesterday": (
        lambda: {"kind": "inaccessible", "reason": "locked", "until": "2020-01-01"},
        "截止日期",
    ),
    "an unknown officer": (lambda: {"officer_code": "W9"}, "没有编码为 W9 的网格员"),
    "not finite": (
        lambda: {"geometry": {"type": "Polygon", "coordinates": [[["NaN", 1], [1, 1], [1, 2]]]}},
        "请求内容",
    ),
    "a line": (lambda: {"geometry": {"type": "LineString", "coordinates": [[119.8, 31.7], [119.9, 31.8]]}}, "geometry"),
    "a field nobody knows": (lambda: {"approved": True}, "approved"),
}


def left_behind(city: Engine) -> dict[str, int]:
    tables = ("mark", "evidence", "evidence_photo", "look", "day_tile", "exclusion", "finding")
    with city.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}  # noqa: S608


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_mark_is_refused_and_leaves_nothing(case: str, w1: TestClient, city: Engine) -> None:
    changes, words = REFUSED[case]
    before = left_behind(city)
    answer = w1.post("/api/marks", json={**mark([send_photo(w1)]), **changes()})
    refused(answer, 404 if case == "an unknown officer" else 422, words)
    assert left_behind(city) == before


def test_where_a_line_crosses_itself_is_said(w1: TestClient) -> None:
    facts = refused(w1.post("/api/marks", json=mark([send_photo(w1)], geometry=bow_tie())), 422, "附近自相交")
    lon, lat = HOME.centroid.coords[0]
    assert facts["at"] == pytest.approx([lon + 0.0005, lat + 0.0005])


def test_the_bounds_themselves_are_allowed(w1: TestClient) -> None:
    for shape in (square(4.6), square(706.0), ring(496)):
        assert w1.post("/api/marks", json=mark([send_photo(w1)], shape)).status_code == 200


def test_nobody_marks_in_the_name_of_another(w1: TestClient) -> None:
    refused(w1.post("/api/marks", json=mark([send_photo(w1)], officer_code="W2")), 403, "不能以网格员 W2 的名义上传")


def test_the_photo_of_another_is_no_evidence(w1: TestClient, application: FastAPI) -> None:
    with signed_in(application, "w2") as w2:
        photo = send_photo(w2, "W2")
    refused(w1.post("/api/marks", json=mark([photo])), 422, "不是网格员 W1 上传的")


def test_the_same_photo_twice_is_one(w1: TestClient) -> None:
    refused(w1.post("/api/marks", json=mark([send_photo(w1)] * 2)), 422, "附了两次")


def test_who_is_not_signed_in_marks_nothing(stranger: TestClient, city: Engine) -> None:
    before = left_behind(city)
    assert stranger.post("/api/marks", json=mark([str(uuid4())])).status_code == 401
    assert left_behind(city) == before


def test_only_reviewers_in_the_place_void_and_never_their_own(
    w1: TestClient, application: FastAPI, city: Engine
) -> None:
    body = mark([send_photo(w1)])
    assert w1.post("/api/marks", json=body).status_code == 200
    void = f"/api/marks/{body['id']}/void"
    refused(w1.post(void, json={"reason": "不要了"}), 403, "没有此项权限")
    with signed_in(application, "elsewhere") as elsewhere:
        refused(elsewhere.post(void, json={"reason": "不要了"}), 403, "不在您的管辖范围内")
        refused(elsewhere.get(f"/api/marks/{body['id']}"), 403, "不在您的管辖范围内")
    with signed_in(application, "village") as village:
        refused(village.post(f"/api/marks/{uuid4()}/void", json={"reason": "不要了"}), 404, "没有编号")
        assert village.post(void, json={"reason": " "}).status_code == 422
        own = mark([send_photo(village)])
        assert village.post("/api/marks", json=own).status_code == 200, "staff may send for an officer of theirs"
        refused(village.post(f"/api/marks/{own['id']}/void", json={"reason": "不要了"}), 403, "须由他人审核")
        assert village.post(void, json={"reason": "照片不清"}).status_code == 200


def test_the_unknown_has_no_detail(client: TestClient, city: Engine) -> None:
    assert city
    refused(client.get(f"/api/marks/{uuid4()}"), 404, "没有编号")
