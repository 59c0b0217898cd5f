"""What an attacker sends: refused in words, with every header, and nothing of it stored."""

import io
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from app.coverage import service as coverage
from app.coverage.routes import HEAVY_AT_ONCE
from app.main import create_app
from app.settings import Settings

HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy")
UNIT = {
    "type": "Feature",
    "properties": {"code": "320499000000", "name": "试验市"},
    "geometry": {"type": "Polygon", "coordinates": [[[119.8, 31.7], [119.9, 31.7], [119.9, 31.8], [119.8, 31.7]]]},
}

Import = Callable[..., Response]


@pytest.fixture
def upload(client: TestClient, operator: dict[str, str]) -> Import:
    """Import a file of units as the operator."""

    def sending(content: bytes, name: str = "a.geojson", **form: str) -> Response:
        fields = {"subject": "units", "datum": "WGS-84", "roots_allowed": "true", **form}
        return client.post("/api/territory/imports", data=fields, files={"file": (name, content)}, headers=operator)

    return sending


def layer(**properties: str) -> bytes:
    feature = {**UNIT, "properties": {**UNIT["properties"], **properties}}  # type: ignore[dict-item]
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def refused(answer: Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    for name in HEADERS:
        assert name in answer.headers
    return str(answer.json()["error"]["message"])


# --- the door


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_a_foreign_name_for_this_machine_reads_nothing(client: TestClient, host: str) -> None:
    assert "WUYILOU_ALLOWED_HOSTS" in refused(client.get("/api/status", headers={"Host": host}), 403)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "10.0.0.9"]
)
def test_addresses_and_localhost_are_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_name_that_the_administrator_allows_is_served(settings: Settings) -> None:
    named = settings.model_copy(update={"allowed_hosts": "wuyilou.example, other.example"})
    with TestClient(create_app(named), "http://other.example") as client:
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("token", ["", "  "])
@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Bearer  ", ""])
def test_an_empty_token_lets_nobody_in(settings: Settings, token: str, given: str) -> None:
    blank = settings.model_copy(update={"operator_token": SecretStr(token)})
    with TestClient(create_app(blank), "http://127.0.0.1") as client:
        refused(client.post("/api/patrols", content=b"{}", headers={"Authorization": given}), 401)
        refused(client.get("/api/status", headers={"Authorization": given}), 401)


@pytest.mark.parametrize("path", ["/api/patrols", "/api/patrols/import", "/api/territory/imports", "/no/such/place"])
def test_a_write_of_nobody_is_refused_before_its_body_is_kept(stranger: TestClient, path: str) -> None:
    endless = (b"x" * 65536 for _ in range(20))
    refused(stranger.post(path, content=endless, headers={"Content-Type": "multipart/form-data; boundary=x"}), 401)


@pytest.mark.parametrize(
    "path",
    [
        "/api/units/%00/coverage",
        "/api/grids/a%00/coverage",
        "/api/search?q=%00",
        "/api/coverage/values?within=%00&level=grid",
        "/api/blind-spots?unit=%00",
        "/api/defects?unit=%00",
        "/api/patrols?officer=%00",
        "/api/units/%00/children.geojson",
    ],
)
def test_an_address_with_a_null_character_is_refused_in_words(client: TestClient, path: str) -> None:
    assert "%00" in refused(client.get(path), 422)


def test_an_unexpected_failure_carries_the_security_headers_and_tells_no_secret(settings: Settings) -> None:
    app: FastAPI = create_app(settings)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the password is swordfish")

    with TestClient(app, "http://127.0.0.1") as client:
        answer = client.get("/broken")
    assert "编号" in refused(answer, 500)
    assert "swordfish" not in answer.text


def test_what_the_interface_answers_is_not_left_behind_in_a_browser(client: TestClient) -> None:
    assert client.get("/api/status").headers["cache-control"] == "no-store"
    assert client.get("/api/nowhere").headers["cache-control"] == "no-store"


def test_readers_of_heavy_lists_wait_for_each_other(
    settings: Settings, operator: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = 0, 0, threading.Lock()
    computed = coverage.blind_spots

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            barrier.wait(timeout=0.2)  # whoever may run at the same time has the time to
        except threading.BrokenBarrierError:
            barrier.reset()
        try:
            return computed(*given, **named)
        finally:
            with lock:
                running -= 1

    barrier = threading.Barrier(HEAVY_AT_ONCE + 1)
    monkeypatch.setattr(coverage, "blind_spots", counted)
    with (
        TestClient(create_app(settings), base_url="http://127.0.0.1", headers=operator) as client,
        ThreadPoolExecutor(8) as readers,
    ):
        answers = list(readers.map(lambda _: client.get("/api/blind-spots?unit=000000000000"), range(8)))
    assert {answer.status_code for answer in answers} == {404}
    assert 1 <= most <= HEAVY_AT_ONCE


def test_the_calendars_last_day_is_a_day(client: TestClient) -> None:
    assert client.get("/api/patrols?day=9999-12-31").json() == []
    assert client.get("/api/patrols?day=0001-01-01").json() == []


# --- files of territory


def test_half_a_character_in_a_file_is_refused_and_nothing_kept(client: TestClient, upload: Import) -> None:
    assert "未导入任何内容" in refused(upload(layer().replace(b"320499000000", b"\\ud800")), 422)
    assert "未导入任何内容" in refused(upload(layer(**{"\ud800": "x"})), 422)
    assert client.get("/api/status").json()["units"] == 0


def test_half_a_character_in_a_form_is_quoted_safely(upload: Import) -> None:
    assert "?" in refused(upload(layer(), mapping='{"code": "\\ud800"}'), 422)


def test_characters_that_cannot_be_seen_do_not_reach_names(client: TestClient, upload: Import) -> None:
    answer = upload(layer(name="\u202e试\u200b验\x07市\u2066"))
    assert answer.status_code == 200, answer.text
    assert client.get("/api/search?q=320499").json()[0]["name"] == "试验 市"


def test_a_shape_over_continents_is_refused_before_it_is_painted(upload: Import) -> None:
    stray = layer().replace(b"[[[119.8, 31.7]", b"[[[19.8, -31.7]").replace(b"[119.8, 31.7]]]", b"[19.8, -31.7]]]")
    answer = upload(stray)
    refused(answer, 422)
    assert answer.json()["error"]["facts"]["report"]["problems"][0]["rule"] == "too_vast"


def broken_archives(name: str, content: bytes) -> Iterator[bytes]:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", method) as archive:
            archive.writestr(name, content)
        data = whole.getvalue()
        for at in range(40, len(data), 9):  # every part of an archive, its directory too
            yield data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def test_an_archive_broken_anywhere_is_refused_in_words(upload: Import) -> None:
    answers = {upload(data, "a.zip", dry_run="true").status_code for data in broken_archives("a.geojson", layer() * 20)}
    assert answers <= {200, 413, 422}


def test_a_kmz_broken_anywhere_is_refused_in_words(client: TestClient, operator: dict[str, str]) -> None:
    fields = {"officer_code": "W1", "mode": "foot", "datum": "WGS-84"}
    kml = b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>a</name></Document></kml>' + b" " * 4000
    for data in broken_archives("doc.kml", kml):
        files = {"file": ("a.kmz", data)}
        refused(client.post("/api/patrols/import", data=fields, files=files, headers=operator), 422)


def geopackage(path: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA application_id = 0x47504B47")
        database.execute("PRAGMA writable_schema = 1")
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path.read_bytes()


FORGED = "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('{kind}', 'v', 'v', 0, '{sql}')"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE v USING fts4(x)",
        "CREATE TABLE v (a INT, b BLOB AS/**/(zeroblob(900000000)))",
        FORGED.format(kind="table", sql="CREATE VIRTUAL TABLE v USING VirtualOGR /* using rtree */ (1)"),
        FORGED.format(kind="table", sql="create  virtual table v using fts4(x)"),
        FORGED.format(kind="trigger", sql="CREATE/**/VIRTUAL TABLE v USING fts4(x)"),
    ],
)
def test_a_geopackage_that_computes_is_refused(upload: Import, tmp_path: Path, statement: str) -> None:
    data = geopackage(tmp_path / "a.gpkg", "CREATE TABLE plain (a INT)", statement)
    message = refused(upload(data, "a.gpkg"), 422)
    assert "出于安全" in message or "已损坏" in message


# --- files of patrols


@pytest.mark.parametrize(
    "content",
    [
        '{"type":"FeatureCollection","crs":{"properties":[]},"features":[]}',
        '{"type":"FeatureCollection","crs":{"properties":null},"features":[]}',
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[1%s,1]},"properties":{"time":"2026-01-01T00:00Z"}}'
        % ("0" * 400),
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},'
        '"properties":{"time":"2026-01-01T00:00Z","accuracy":1%s}}' % ("0" * 400),
    ],
)
def test_geojson_with_odd_parts_is_refused_in_words(client: TestClient, operator: dict[str, str], content: str) -> None:
    fields = {"officer_code": "W1", "mode": "foot", "datum": "WGS-84"}
    answer = client.post("/api/patrols/import", data=fields, files={"file": ("a", content.encode())}, headers=operator)
    assert "未保存任何内容" in refused(answer, 422)
