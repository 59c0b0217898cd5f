"""Lists of problems as towns have kept them: looked at first, taken whole or not at all, nothing doubled.

`tests/data/f1-libreoffice.xlsx` and `.xls` were written by LibreOffice; what stands in them is invented.
"""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.actor import Actor
from app.db import transaction
from app.errors import ForbiddenError
from app.reports import service
from app.reports.service import ListFile
from app.rights import Right, Role
from app.scope import EVERYTHING
from app.settings import Settings
from tests.app.reports.records import TOWN, V12, V21, put_case

DATA = Path(__file__).parents[2] / "data"
HEADS = (
    "问题编号,地区,问题单位名称,停产停业企业,小冶炼,小电镀,详细地址,违法违规问题具体描述,行政处罚(万元),"
    "现场整治完成情况"
)
F3_HEADS = (
    "序号,非法违法企业(单位或个人)名称,所在乡镇,地址,主要负责人(实际控制人),非法违法环节(生产、储存、使用),"
    '具体非法违法行为,"涉及化工(危险化学品)品种、数量",采取的措施'
)
FORM = "/api/reports/{form}?unit={unit}&first_day=2026-03-01&last_day=2026-04-30"


@pytest.fixture
def office(client: TestClient, place: Engine) -> TestClient:
    """The operator, in the city."""
    return client


def send(office: TestClient, content: bytes, name: str = "清单.xlsx", step: str = "", **stated: Any) -> Any:
    """The answer to a list, sent for the town."""
    form = {"form": "F1", "unit": TOWN, "as_of": "2026-04-01", "deadline": "2026-05-01", **stated}
    return office.post(f"/api/reports/imports{step}", data=form, files={"file": (name, content)})


def taken(office: TestClient, content: bytes, **stated: Any) -> Any:
    answer = send(office, content, **stated)
    assert answer.status_code == 200, answer.text
    return answer.json()


def previewed(office: TestClient, content: bytes, **stated: Any) -> Any:
    answer = send(office, content, step="/preview", **stated)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(office: TestClient, form: str = "F1", unit: str = TOWN) -> list[list[Any]]:
    answer = office.get(FORM.format(form=form, unit=unit))
    assert answer.status_code == 200, answer.text
    found: list[list[Any]] = answer.json()["rows"]
    return found


def csv_of(*lines: str) -> bytes:
    return "\n".join([HEADS, *lines]).encode("gb18030")


def told(report: Any, kind: str) -> list[tuple[int, str]]:
    return [(each["row"], each["text"]) for each in report["problems"] if each["kind"] == kind]


@pytest.mark.parametrize("name", ["f1-libreoffice.xlsx", "f1-libreoffice.xls"])
def test_a_list_with_merged_heads_by_libreoffice_comes_in_as_it_stands(office: TestClient, name: str) -> None:
    content = (DATA / name).read_bytes()
    report = previewed(office, content, name=name)
    assert (report["header_row"], report["header_rows"]) == (3, 2)
    assert report["mapping"]["plating"] == "问题类别 / 小电镀"
    assert (report["rows"], report["ready"], report["finished"], report["errors"]) == (6, 3, 1, 0)
    assert rows(office) == [], "a preview stores nothing"
    assert taken(office, content, name=name)["imported"] == 3
    first, second, third = rows(office)
    assert first[1:4] == ["NQ-001", "南桥镇柳树村", "张某冶炼点"]
    assert (first[5], first[16], first[17], first[19]) == (True, True, 0.5, 1)
    assert first[21].startswith("已完成（2026-03-20），但“两断三清”缺：断水")
    assert (second[6], second[17], second[21]) == (True, 2, "未开始整治")
    assert (third[4], third[17], third[18], third[20]) == (True, 0.5, 1.25, None)


def test_what_is_not_a_problem_is_named_and_left_out(office: TestClient) -> None:
    report = previewed(office, (DATA / "f1-libreoffice.xlsx").read_bytes())
    assert told(report, "skipped") == [
        (8, "没有单位名称、地址和问题描述，视为空行"),
        (9, "合计、签名或说明，表到此为止，未作为问题导入"),
    ]


def test_a_finished_case_lacks_proof_and_shows_as_such(office: TestClient, place: Engine) -> None:
    taken(office, (DATA / "f1-libreoffice.xlsx").read_bytes())
    listed = office.get("/api/cases?omission=closed_incomplete").json()
    assert [item["number"] for item in listed["items"]] == ["NQ-001"]
    with place.connect() as connection:
        measures, items = connection.execute(
            text("SELECT measures, (SELECT count(*) FROM closure_item) FROM case_file WHERE number = 'NQ-001'")
        ).one()
    assert items == 0
    assert "两断三清”：√（尚无逐项佐证）" in measures


def test_a_csv_in_gbk_is_read(office: TestClient) -> None:
    report = taken(office, csv_of("A1,柳树村,甲厂,,√,,一组,熔炼,5000元,未完成"), name="清单.csv")
    assert (report["encoding"], report["imported"]) == ("GB18030", 1)
    assert rows(office)[0][17] == 0.5


def test_our_own_list_comes_back_the_same(office: TestClient, place: Engine) -> None:
    taken(office, (DATA / "f1-libreoffice.xlsx").read_bytes())
    before = rows(office)
    ours = office.get(FORM.format(form="F1.xlsx", unit=TOWN)).content
    again = previewed(office, ours)
    assert (again["ready"], again["duplicates"], again["errors"]) == (0, 3, 0)
    with transaction(place) as session:
        session.execute(text("TRUNCATE case_file CASCADE"))
    assert taken(office, ours)["imported"] == 3
    after = rows(office)
    assert sorted(row[1:21] for row in after) == sorted(row[1:21] for row in before)
    assert sorted(row[21][:3] for row in after) == ["已完成", "未开始", "未开始"]


def test_what_is_there_is_told_and_not_doubled(office: TestClient, place: Engine) -> None:
    with transaction(place) as session:
        put_case(session, "A1", V12, date(2026, 1, 5), party_name="甲厂", address="一组")
        put_case(session, "A9", V12, date(2026, 1, 5), party_name="乙 厂", address="二组")
    content = csv_of(
        "A1,柳树村,甲厂,,√,,别处,熔炼,,", "A2,柳树村,乙厂,,√,,二组,熔炼,,", "A3,柳树村,丙厂,,√,,三组,熔炼,,",
        "A4,柳树村,丙厂,,√,,三组,熔炼,,",
    )  # fmt: skip
    report = taken(office, content, name="清单.csv")
    assert (report["imported"], report["duplicates"], report["numbers"]) == (1, 3, ["A3"])
    assert told(report, "duplicate") == [
        (2, "问题编号 A1 已登记（甲厂），不重复导入"),
        (3, "已有案件 A9（乙厂），不重复导入"),
        (5, "与第 4 行名称和地址相同（丙厂），不重复导入"),
    ]
    assert taken(office, content, name="清单.csv")["imported"] == 0, "sent again it brings nothing"
    assert len(rows(office)) == 3


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("A2,柳树村,,,√,,二组,熔炼,,", "缺单位名称"),
        ("A2,柳树村,乙厂,,,,二组,熔炼,,", "没有勾选问题类别"),
        ("A2,柳树村,乙厂,,√,√,二组,熔炼,,", "问题类别勾选了 2 个（小冶炼、小电镀），只能勾选一个"),
        ("A2,柳树村,乙厂,,待定,,二组,熔炼,,", "“待定”看不出是否勾选，请打“√”或留空"),
        ("A2,柳树村,乙厂,,√,,二组,熔炼,五千,", "金额“五千”无法识别，请写成数字，如 0.5（万元）或 5000元"),
        ("A2,清水村,乙厂,,√,,二组,熔炼,,", "地区“清水村”不在南桥镇内，或有同名，无法确定属于哪个镇村"),
        ("A1,柳树村,乙厂,,√,,二组,熔炼,,", "问题编号 A1 已用于“甲厂”，与本行名称不同，请核对编号"),
        ("A2,柳树村,乙厂,,√,,二组,熔炼,,已完成（2026-04-20）", "有晚于清单日期 2026-04-01 的日期，请核对"),
    ],
)
def test_one_row_in_error_and_nothing_comes_in(office: TestClient, line: str, why: str) -> None:
    content = csv_of("A1,柳树村,甲厂,,√,,一组,熔炼,,", line)
    report = previewed(office, content, name="清单.csv")
    assert (report["ready"], told(report, "error")) == (1, [(3, why)])
    refused = send(office, content, name="清单.csv")
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert "1 行有误，未导入任何内容" in error["message"]
    assert error["facts"]["problems"][0] == {"row": 3, "kind": "error", "text": why}
    assert rows(office) == []


def test_where_and_when_are_never_guessed_silently(office: TestClient) -> None:
    report = taken(office, csv_of("A1,,甲厂,,√,,一组,熔炼,,"), name="清单.csv")
    assert told(report, "warning") == [(2, "未写地区，记在南桥镇")]
    assert rows(office)[0][2] == "南桥镇"
    assert rows(office, "F2")[-1][0] == "本级（未分到下级）"


def test_columns_that_are_not_found_are_asked_for(office: TestClient) -> None:
    content = "甲列,详细地址,违法违规问题具体描述,小冶炼\n某厂,一组,熔炼,√\n".encode()
    report = previewed(office, content, name="a.csv")
    assert (report["missing"], report["ready"]) == (["party_name"], 0)
    refused = send(office, content, name="a.csv")
    assert (refused.status_code, "问题单位名称" in refused.json()["error"]["message"]) == (422, True)
    mapping = json.dumps({**report["mapping"], "party_name": "甲列"})
    assert taken(office, content, name="a.csv", mapping=mapping)["imported"] == 1


@pytest.mark.parametrize("mapping", ["[]", "{", '{"party_name": "没有这一列"}', '{"什么": "地区"}'])
def test_a_mapping_that_is_none_is_refused(office: TestClient, mapping: str) -> None:
    content = csv_of("A1,柳树村,甲厂,,√,,一组,熔炼,,")
    assert send(office, content, name="a.csv", mapping=mapping).status_code == 422


def test_a_ledger_of_chemical_works_comes_in_with_the_kind_stated(office: TestClient) -> None:
    line = "1,丁作坊,柳树村,五组,丁某,生产、储存,无证分装溶剂,甲醇2吨；盐酸500公斤,查封"
    content = f"{F3_HEADS}\n{line}\n填报人（签名）：,,,,,,,,\n".encode()
    refused = send(office, content, name="a.csv", form="F3")
    assert (refused.status_code, "四种情形" in refused.json()["error"]["message"]) == (422, True)
    report = taken(office, content, name="a.csv", form="F3", chemical_kind="black_workshop")
    assert report["imported"] == 1
    [row] = rows(office, "F3")
    assert row[1:9] == [
        "丁作坊", "南桥镇", "五组", "丁某", "生产、储存", "无证分装溶剂", "甲醇 2 吨；盐酸 500 公斤", "查封",
    ]  # fmt: skip
    bad = content.replace("生产、储存,无证".encode(), "运输,无证".encode())
    told_of = previewed(office, bad, name="a.csv", form="F3", chemical_kind="black_workshop")
    assert told(told_of, "error") == [(2, "环节“运输”无法识别，应为生产、储存、使用")]


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ({"as_of": "2150-01-01", "deadline": "2150-02-01"}, 422),
        ({"deadline": "2026-03-01"}, 422),
        ({"form": "F2"}, 422),
        ({"unit": "999999999999"}, 404),
    ],
)
def test_days_forms_and_units_that_do_not_serve_are_refused(
    office: TestClient, stated: dict[str, str], status: int
) -> None:
    content = csv_of("A1,柳树村,甲厂,,√,,一组,熔炼,,")
    assert send(office, content, name="a.csv", **stated).status_code == status


def test_what_is_no_table_is_refused(office: TestClient) -> None:
    assert send(office, io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00").read(), name="a.png").status_code == 422
    assert send(office, b"", name="a.csv").status_code == 422


def test_a_token_for_reports_alone_registers_no_cases(office: TestClient, settings: Settings, place: Engine) -> None:
    rights = frozenset({Right.READ_REPORTS, Right.MANAGE_REPORTS})
    token = Actor("机器", Role.TOWN, rights, EVERYTHING, "token", "127.0.0.1")
    sent = ListFile(DATA / "f1-libreoffice.xlsx", "", "F1", TOWN, date(2026, 4, 1), date(2026, 5, 1), None, None)
    with transaction(place) as session, pytest.raises(ForbiddenError, match="登记案件"):
        service.import_list(session, settings, token, sent)
    assert rows(office) == []


def test_a_list_for_another_town_registers_nothing_here(office: TestClient) -> None:
    taken(office, csv_of("A1,清水村,甲厂,,√,,一组,熔炼,,"), name="a.csv", unit="320491002000")
    assert rows(office) == []
    assert rows(office, unit=V21)[0][2] == "北塘街道清水村"
