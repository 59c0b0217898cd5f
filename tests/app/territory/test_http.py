"""Territory over HTTP and at the terminal: who may, what is answered, what is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from app.territory.cli import commands
from tests.app.territory import files
from tests.app.territory.conftest import COUNTY, VILLAGE, grid_row, grid_rows, unit_rows

IMPORTS = "/api/territory/imports"


def post(client: TestClient, headers: dict[str, str], path: Path, subject: str, **form: Any) -> Any:
    with path.open("rb") as file:
        data = {"subject": subject, "datum": "WGS-84", **form}
        return client.post(IMPORTS, files={"file": (path.name, file)}, data=data, headers=headers)


@pytest.fixture
def unit_file(tmp_path: Path) -> Path:
    return files.geojson(tmp_path / "units.geojson", unit_rows())


@pytest.fixture
def grid_file(tmp_path: Path) -> Path:
    return files.geojson(tmp_path / "grids.geojson", grid_rows())


@pytest.fixture
def stocked(client: TestClient, operator: dict[str, str], unit_file: Path, grid_file: Path) -> TestClient:
    assert post(client, operator, unit_file, "units", roots_allowed="true").status_code == 200
    assert post(client, operator, grid_file, "grids").status_code == 200
    return client


def test_nobody_imports_without_signing_in(client: TestClient, stranger: TestClient, unit_file: Path) -> None:
    assert post(stranger, {}, unit_file, "units", roots_allowed="true").status_code == 401
    assert client.get("/api/search", params={"q": "钟楼"}).json() == []


def test_an_import_is_stored_and_its_report_can_be_read_again(
    client: TestClient, operator: dict[str, str], unit_file: Path
) -> None:
    answer = post(client, operator, unit_file, "units", roots_allowed="true")
    assert answer.status_code == 200
    report = answer.json()
    assert report["counts"]["added"] == 3
    assert client.get(f"{IMPORTS}/{report['id']}").json() == report
    missing = client.get(f"{IMPORTS}/00000000-0000-4000-8000-000000000000")
    assert missing.status_code == 404


def test_a_refused_import_answers_the_whole_report_and_stores_nothing(
    stocked: TestClient, operator: dict[str, str], tmp_path: Path
) -> None:
    path = files.geojson(tmp_path / "bad.geojson", [grid_row(1, 风险等级="甲"), grid_row(2, 周期="999")])
    answer = post(stocked, operator, path, "grids")
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert "第 1、2 行" in error["message"]
    assert [(p["row"], p["rule"]) for p in error["facts"]["report"]["problems"]] == [
        (1, "unknown_word"),
        (2, "bad_cycle"),
    ]


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"datum": "WGS-85"}, 422, "WGS-85"),
        ({"mapping": "[1]"}, 422, "JSON 对象"),
        ({"mapping": "{"}, 422, "JSON 对象"),
        ({"subject": "people"}, 422, "subject"),
        ({"effective_on": "2999-01-01"}, 422, "2999-01-01"),
        ({"mapping": json.dumps({"code": "没有"})}, 422, "没有"),
    ],
)
def test_a_wrong_form_is_answered_in_words(
    client: TestClient, operator: dict[str, str], unit_file: Path, form: dict[str, str], status: int, words: str
) -> None:
    answer = post(client, operator, unit_file, **{"subject": "units", **form})
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]


def test_search_by_name_and_by_code(stocked: TestClient) -> None:
    def found(words: str, **more: Any) -> list[str]:
        return [hit["code"] for hit in stocked.get("/api/search", params={"q": words, **more}).json()]

    assert found("新庄村") == [VILLAGE]
    assert found("新庄", limit=3) == [VILLAGE, f"{VILLAGE}001", f"{VILLAGE}002"]
    assert found("320404")[0] == COUNTY
    assert found(f"{VILLAGE}003") == [f"{VILLAGE}003"]
    assert found("%") == []
    assert found("  ") == []
    (grid,) = stocked.get("/api/search", params={"q": "新庄第2网格"}).json()
    assert grid["path_names"] == ["钟楼区", "五星街道", "新庄村"]
    assert grid["level"] == "grid"
    assert grid["bbox"] == pytest.approx([119.91, 31.75, 119.92, 31.76])


def test_defects_as_geojson(stocked: TestClient) -> None:
    answer = stocked.get("/api/defects", params={"unit": COUNTY}).json()
    assert answer["type"] == "FeatureCollection"
    assert {f["properties"]["kind"] for f in answer["features"]} == {"nobodys_land"}
    assert stocked.get("/api/defects", params={"unit": VILLAGE}).json()["features"] == []
    assert stocked.get("/api/defects", params={"unit": "320404009000"}).status_code == 404
    assert stocked.get("/api/defects", params={"kind": "unknown"}).status_code == 422


def run(database: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner().invoke(commands, words)


def test_the_command_imports(database: str, monkeypatch: pytest.MonkeyPatch, unit_file: Path, grid_file: Path) -> None:
    units = run(database, monkeypatch, "import", "units", str(unit_file), "--datum", "WGS-84", "--roots")
    assert units.exit_code == 0, units.output
    words = ("--datum", "WGS-84", "--map", "code=网格编码", "--effective-on", "2026-01-01", "--generated")
    grids = run(database, monkeypatch, "import", "grids", str(grid_file), *words)
    assert grids.exit_code == 0, grids.output
    assert "新增 8" in grids.output
    engine = create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT DISTINCT valid_from::text, generated FROM grid")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("2026-01-01", True)]


def test_the_command_says_what_is_wrong_and_fails(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unit_file: Path
) -> None:
    run(database, monkeypatch, "import", "units", str(unit_file), "--datum", "WGS-84", "--roots")
    path = files.geojson(tmp_path / "bad.geojson", [grid_row(1, 风险等级="[red]甲"), grid_row(2, 周期="999")])
    answer = run(database, monkeypatch, "import", "grids", str(path), "--datum", "WGS-84")
    assert answer.exit_code == 1
    assert "风险等级“[red]甲”无法识别" in answer.output
    assert "1 至 366" in answer.output
