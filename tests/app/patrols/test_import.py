"""POST /api/patrols/import: real files in, with what the uploader says about them; bad files leave nothing."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.app.patrols.bodies import OFFICER, walk
from tests.app.patrols.conftest import counts, rows
from tests.app.patrols.test_upload import NOTHING

DATA = Path(__file__).parents[2] / "data"
HIKE = DATA / "cerknicko-jezero.gpx"
STATED = {"officer_code": OFFICER, "mode": "foot", "datum": "WGS-84"}


@pytest.fixture
def send(client: TestClient, operator: dict[str, str], db: Engine):  # type: ignore[no-untyped-def]
    """Import a file as the operator; `stated` replaces fields, None leaves one out."""

    def sending(data: bytes, name: str = "a.gpx", **stated: Any) -> Any:
        fields = {key: str(value) for key, value in {**STATED, **stated}.items() if value is not None}
        return client.post("/api/patrols/import", data=fields, files={"file": (name, data)}, headers=operator)

    return sending


def test_a_real_hike_without_accuracy_is_kept_and_does_not_count(send: Any, db: Engine) -> None:
    answer = send(HIKE.read_bytes()).json()
    assert answer["fixes"] == 296
    assert answer["counted"]["pairs"] == 0
    assert {part["reason"] for part in answer["left_out"]} == {"unknown_accuracy", "gap"}
    assert any("未计入覆盖" in note for note in answer["notes"])
    assert counts(db)["look"] == 0


def test_a_stated_accuracy_makes_it_count_and_is_written_down(send: Any, db: Engine) -> None:
    answer = send(HIKE.read_bytes(), accuracy_m=10).json()
    assert answer["counted"]["pairs"] > 150
    assert 0 < answer["seen_m2"] < answer["counted"]["length_m"] * 60 + 20_000
    assert any("296 个定位点没有精度，按上传人说明的 10 米计" in note for note in answer["notes"])
    assert rows(db, "SELECT source, ST_NumGeometries(geom) > 5 FROM patrol JOIN track ON patrol_id = id") == [
        ("gpx", True)
    ]


def test_the_other_hike_says_which_track_has_no_times(send: Any) -> None:
    answer = send((DATA / "korita-zbevnica.gpx").read_bytes(), accuracy_m=10).json()
    assert answer["fixes"] == 513
    assert any("358 个点没有时间" in note for note in answer["notes"])


def test_the_same_file_twice_is_the_same_patrol(send: Any, db: Engine) -> None:
    first = send(HIKE.read_bytes())
    again = send(HIKE.read_bytes(), name="another name.gpx")
    assert again.content == first.content
    assert again.headers["idempotent-replay"] == "true"
    assert counts(db)["patrol"] == 1


def test_a_file_that_did_not_count_may_come_again_with_its_accuracy(send: Any, db: Engine) -> None:
    assert send(HIKE.read_bytes()).json()["seen_m2"] == 0
    again = send(HIKE.read_bytes(), accuracy_m=10)
    assert again.status_code == 200
    assert again.json()["seen_m2"] > 0
    assert send(HIKE.read_bytes(), accuracy_m=10).headers["idempotent-replay"] == "true"
    assert counts(db)["patrol"] == 2


def test_the_same_file_for_a_colleague_is_refused(send: Any, db: Engine) -> None:
    with db.begin() as connection:
        connection.exec_driver_sql("INSERT INTO officer VALUES ('G002', '李四')")
    assert send(HIKE.read_bytes()).status_code == 200
    answer = send(HIKE.read_bytes(), officer_code="G002")
    assert answer.status_code == 409
    assert OFFICER in answer.json()["error"]["message"]


def test_a_csv_of_a_walk_counts_like_its_json(send: Any, client: TestClient, operator: dict[str, str]) -> None:
    fixes = walk(50)
    lines = [f"{fix['lon']!r},{fix['lat']!r},{fix['time']},{fix['accuracy_m']}" for fix in fixes]
    imported = send("\n".join(["经度,纬度,时间,精度", *lines]).encode("gbk"), name="a.csv").json()
    from_phone = client.post("/api/patrols", json={"id": "b" * 32, **STATED, "fixes": fixes}, headers=operator).json()
    for part in ("counted", "left_out", "seen_m2", "days", "started_at", "ended_at"):
        assert imported[part] == from_phone[part]


def packed(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "stated", "status", "words"),
    [
        (b"", {}, 422, "文件是空的"),
        (HIKE.read_bytes()[:9000], {}, 422, "XML 文件不完整或已损坏"),
        (HIKE.read_bytes(), {"mode": "horse"}, 422, "巡查方式"),
        (HIKE.read_bytes(), {"datum": "EPSG:4549"}, 422, "坐标系"),
        (HIKE.read_bytes(), {"officer_code": "nobody"}, 404, "nobody"),
        (HIKE.read_bytes(), {"accuracy_m": 5000}, 422, "精度 5000 米无效"),
        (HIKE.read_bytes(), {"accuracy_m": "nan"}, 422, "精度"),
        (HIKE.read_bytes(), {"id": "7"}, 422, "UUID"),
        (HIKE.read_bytes().replace(b"2010-", b"2110-"), {}, 422, "在将来"),
        (HIKE.read_bytes().replace(b"2010-", b"1990-"), {}, 422, "早于 2000 年"),
        (packed(b"<kml>" + b" " * 60_000_000), {}, 413, "压缩炸弹"),
        ("经度,纬度,时间\n".encode() + b"1,1,1790812800\n" * 250_000, {}, 413, "超过 200000 个"),
        (b"\0" * 40_000_000, {}, 413, "超过上限 32 MB"),
    ],
)
def test_bad_files_leave_nothing_behind(
    send: Any, db: Engine, data: bytes, stated: dict[str, Any], status: int, words: str
) -> None:
    answer = send(data, **stated)
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]
    assert counts(db) == NOTHING


def test_a_missing_field_is_named(send: Any) -> None:
    answer = send(HIKE.read_bytes(), officer_code=None)
    assert answer.status_code == 422
    assert "officer_code" in answer.json()["error"]["message"]
