"""A report on its way upward: checked, signed by its head, handed upward, locked; sent back and corrected."""

import io
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db import transaction
from app.determination import service as determination
from app.determination import verify
from app.live.digest import digest
from app.reports.submissions.freezing import digest_of
from tests.app.reports.office import Office, opened, refused, taken
from tests.app.reports.records import COUNTY, TOWN, V11, V12, V21, put_case
from tests.support.people import PASSWORD


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database, tmp_path) as office:
        office.prepare()
        yield office


def chain(office: Office) -> list[dict[str, object]]:
    """What the chain says of reports."""
    rows = office.rows("SELECT document::jsonb AS document FROM chain_entry WHERE kind = 'report' ORDER BY seq")
    return [row.document for row in rows]


def test_a_village_checks_its_head_signs_and_it_is_handed_upward(office: Office) -> None:
    checked = taken(office.check("v11", V11))
    assert (checked["state"], checked["may"]) == ("checked", ["refresh"])
    assert office.own("head11", V11)["may"] == ["sign"]
    signed = taken(office.sign("head11", V11, submit=False))
    assert signed["state"] == "signed"
    done = taken(office.do("v11", "submit", signed["id"]))
    assert (done["state"], done["was_late"]) == ("submitted", False)
    assert [(step["step"], step["by_name"]) for step in done["steps"]] == [
        ("prepared", "系统"), ("checked", "测试v11"), ("signed", "测试head11"), ("submitted", "测试v11"),
    ]  # fmt: skip
    [entry] = chain(office)
    assert entry["body"]["content_digest"] == done["digest"]  # type: ignore[index]
    assert entry["by"]["username"] == "head11"  # type: ignore[index]
    with transaction(office.engine) as session:
        assert list(determination.verify_chain(session, office.settings)) == []
    assert done["seal"]["seq"] == 1
    assert done["paper"]["signatures"][:2] == ["填报人（签名）：测试v11", "主要负责人（签名）：测试head11"]
    assert any("签字链第 1 条" in note for note in done["paper"]["notes"])


def test_the_head_may_hand_upward_with_the_signature(office: Office) -> None:
    assert office.submitted("v11", "head11", V11)["state"] == "submitted"


def test_nothing_is_skipped(office: Office) -> None:
    shown = office.own("v11", V11)
    assert "不能签字" in refused(office.sign("head11", V11), 409)
    assert "不能报送" in refused(office.do("v11", "submit", shown["id"]), 409)
    assert "不能退回" in refused(office.do("town", "send-back", shown["id"], why="数不对"), 409)
    assert "不能更正" in refused(office.do("v11", "correction", shown["id"], why="数不对"), 409)
    office.submitted("v11", "head11", V11)
    for act in ("refresh", "submit"):
        assert "现为“已报送”" in refused(office.do("v11", act, shown["id"]), 409)
    assert "不能核对" in refused(office.check("v11", V11), 409)
    assert "不能签字" in refused(office.sign("head11", V11), 409)
    assert len(chain(office)) == 1


def test_only_the_head_of_this_very_unit_signs(office: Office) -> None:
    taken(office.check("v11", V11))
    for name in ("v11", "town", "townhead", "county", "countyhead"):
        assert "柳树村只能由其负责人或受其委托的人签字，现任负责人为测试head11" in refused(office.sign(name, V11), 403)
    shown = office.own("v11", V11)
    told = {"digest": shown["digest"], "password": PASSWORD}
    assert "不在您的管辖范围内" in refused(office.do("head12", "sign", shown["id"], **told), 403)
    assert chain(office) == []


def test_somebody_signs_in_the_heads_place_while_that_is_delegated(office: Office) -> None:
    days = {"first_day": "2026-03-10", "last_day": "2026-03-20"}
    told = {"unit": V11, "to": "v11", "reason": "外出学习", "password": PASSWORD, **days}
    made = office.client("head11").post("/api/determination/delegations", json=told)
    assert made.status_code == 201, made.text
    taken(office.check("v11", V11))
    assert office.own("v11", V11)["may"] == ["sign", "refresh"]
    done = taken(office.sign("v11", V11))
    assert done["paper"]["signatures"][1] == "主要负责人（签名）：测试v11（受测试head11委托）"
    assert chain(office)[-1]["body"]["capacity"] == "delegate"  # type: ignore[index]


def test_a_wrong_password_signs_nothing_and_is_counted(office: Office) -> None:
    taken(office.check("v11", V11))
    for _ in range(office.settings.sign_in.failures):
        assert "密码不正确" in refused(office.sign("head11", V11, password="wrong"), 422)  # noqa: S106
    assert "暂时锁定" in refused(office.sign("head11", V11), 429)
    assert office.own("v11", V11)["state"] == "checked"
    assert chain(office) == []


def test_two_signatures_at_once_are_one(office: Office) -> None:
    taken(office.check("v11", V11))
    shown = office.own("head11", V11)
    start, answers = threading.Barrier(2), []

    def sign() -> None:
        start.wait()
        told = {"digest": shown["digest"], "password": PASSWORD}
        answers.append(office.do("head11", "sign", shown["id"], **told).status_code)

    both = [threading.Thread(target=sign) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) in ([200, 409], [200, 429]), "the second waits, or is told to"
    assert len(chain(office)) == 1


def test_what_was_not_seen_is_neither_checked_nor_signed(office: Office) -> None:
    old = office.own("v11", V11)
    with transaction(office.engine) as session:
        put_case(session, "1", V11, date(2026, 3, 6))
    assert "数据有变化" in refused(office.check("v11", V11), 409)
    fresh = taken(office.do("v11", "refresh", old["id"]))
    assert fresh["paper"]["total"][2] == 1
    seen = {"digest": old["digest"]}
    assert "被其他人刷新" in refused(office.do("v11", "check", old["id"], **seen), 409)
    taken(office.check("v11", V11))
    told = {**seen, "password": PASSWORD}
    assert "被其他人刷新" in refused(office.do("head11", "sign", old["id"], **told), 409)
    again = taken(office.do("v11", "refresh", old["id"]))
    assert again["state"] == "prepared", "what was checked is checked again"
    assert "不能签字" in refused(office.sign("head11", V11), 409)


def test_a_town_waits_for_its_villages_or_states_which_are_missing(office: Office) -> None:
    office.submitted("v11", "head11", V11)
    shown = office.own("town", TOWN)
    assert [unit["name"] for unit in shown["missing"]] == ["石桥村"]
    assert "下级单位尚未报送：石桥村" in refused(office.check("town", TOWN), 409)
    wrong = [{"unit_code": V12, "why": "停电"}, {"unit_code": V11, "why": "停电"}]
    assert "已经报送或不是直接下级" in refused(office.check("town", TOWN, missing=wrong), 422)
    assert "不是直接下级" in refused(
        office.check("town", TOWN, missing=[wrong[0], {"unit_code": V21, "why": "停电"}]), 422
    )
    checked = taken(office.check("town", TOWN, missing=wrong[:1]))
    assert "截至核对时未报送的下级单位：石桥村（停电）。" in checked["paper"]["notes"]
    done = taken(office.sign("townhead", TOWN))
    assert done["missing"] == [{"code": V12, "name": "石桥村", "why": "停电"}]
    assert chain(office)[-1]["body"]["missing"] == done["missing"]  # type: ignore[index]


def test_with_all_villages_in_nothing_is_stated(office: Office) -> None:
    for village in (("v11", "head11", V11), ("v12", "head12", V12)):
        office.submitted(*village)
    done = office.submitted("town", "townhead", TOWN)
    assert (done["missing"], done["differences"], done["moved"]) == ([], [], [])
    assert [each["code"] for each in chain(office)[-1]["body"]["basis"]] == [V11, V12]  # type: ignore[index]


def test_what_came_went_or_changed_below_after_the_check_must_be_checked_again(office: Office) -> None:
    office.submitted("v11", "head11", V11)
    late = [{"unit_code": V12, "why": "停电"}]
    taken(office.check("town", TOWN, missing=late))
    office.submitted("v12", "head12", V12)
    assert "石桥村已补报" in refused(office.sign("townhead", TOWN), 409)
    assert office.own("townhead", TOWN)["moved"] == ["石桥村已补报"]
    taken(office.do("town", "refresh", office.own("town", TOWN)["id"]))
    taken(office.check("town", TOWN))
    taken(office.do("town", "send-back", office.own("v12", V12)["id"], why="漏一家"))
    assert "石桥村的报送已失效" in refused(office.sign("townhead", TOWN), 409)
    new = taken(office.do("v12", "correction", office.own("v12", V12)["id"], why="补一家"))
    with transaction(office.engine) as session:
        put_case(session, "late", V12, date(2026, 3, 6))
    taken(office.do("v12", "refresh", new["id"]))
    office.submitted("v12", "head12", V12)
    assert "石桥村已更正为第 2 版" in refused(office.sign("townhead", TOWN), 409)


def test_sums_that_differ_from_what_villages_handed_upward_are_named(office: Office) -> None:
    with transaction(office.engine) as session:
        put_case(session, "1", V11, date(2026, 3, 6), fine_wan="0.5")
        put_case(session, "town's own", TOWN, date(2026, 3, 6))
    taken(office.do("v11", "refresh", office.own("v11", V11)["id"]))
    for village in (("v11", "head11", V11), ("v12", "head12", V12)):
        office.submitted(*village)
    with transaction(office.engine) as session:
        put_case(session, "2", V11, date(2026, 3, 7), category="plating", fine_wan="1.5")
    shown = taken(office.do("town", "refresh", office.own("town", TOWN)["id"]))
    named = [
        "柳树村“问题总数(家)”本表 2，该单位报送 1",
        "柳树村“小电镀”本表 1，该单位报送 0",
        "柳树村“行政处罚(万元)”本表 2，该单位报送 0.5",
    ]
    assert shown["differences"] == named, "what lies straight at the town differs from nobody"
    checked = taken(office.check("town", TOWN))
    assert f"与下级报送数不一致 3 处：{'；'.join(named)}。" in checked["paper"]["notes"]


def test_the_level_above_sends_back_with_a_reason_and_nobody_else(office: Office) -> None:
    done = office.submitted("v11", "head11", V11)
    assert "只有柳树村的上级单位可以退回" in refused(office.do("v11", "send-back", done["id"], why="x"), 403)
    assert refused(office.do("town", "send-back", done["id"], why=" "), 422)
    back = taken(office.do("town", "send-back", done["id"], why="漏报红星厂"))
    assert back["steps"][-1]["words"] == "漏报红星厂"
    [own] = [each for each in office.desk("v11", V11)["own"] if each["form"] == "F2"]
    assert (own["state"], own["sent_back_why"], own["in_force"]) == ("sent_back", "漏报红星厂", None)
    assert "不能退回" in refused(office.do("county", "send-back", done["id"], why="x"), 409)


def test_a_correction_is_a_new_version_and_the_old_one_stays_as_it_was(office: Office) -> None:
    first = office.submitted("v11", "head11", V11)
    with transaction(office.engine) as session:
        put_case(session, "1", V11, date(2026, 3, 6))
    second = taken(office.do("v11", "correction", first["id"], why="漏报一家"))
    assert (second["version"], second["state"], second["why"]) == (2, "prepared", "漏报一家")
    assert office.read("town", first["id"])["state"] == "submitted", "in force until the new one comes"
    assert "更正正在办理" in refused(office.do("v11", "correction", first["id"], why="再改"), 409)
    assert office.submitted("v11", "head11", V11)["version"] == 2
    old = office.read("town", first["id"])
    assert (old["state"], old["state_text"], old["digest"]) == ("replaced", "已被更正", first["digest"])
    assert old["paper"] == first["paper"]
    assert [each["version"] for each in old["versions"]] == [2, 1]
    assert [step["step"] for step in old["steps"]][-1] == "replaced"
    assert old["may"] == []


def test_a_correction_of_what_was_sent_back_replaces_it_at_once(office: Office) -> None:
    first = office.submitted("v11", "head11", V11)
    taken(office.do("town", "send-back", first["id"], why="漏报"))
    taken(office.do("v11", "correction", first["id"], why="补报"))
    assert office.read("v11", first["id"])["state"] == "replaced"
    assert office.submitted("v11", "head11", V11)["version"] == 2


def test_what_is_late_is_named_with_since_when(office: Office) -> None:
    office.submitted("v11", "head11", V11)
    assert {each["late_since"] for each in office.desk("town", TOWN)["below"]} == {None}
    office.at(2026, 3, 11, 17)
    below = office.desk("town", TOWN)["below"]
    assert [(each["unit"]["name"], each["late_since"]) for each in below] == [
        ("石桥村", "2026-03-11T17:00:00+08:00"), ("柳树村", None),
    ]  # fmt: skip
    [tally] = office.desk("town", TOWN)["tallies"]
    assert (tally["units"], tally["submitted"], tally["late"]) == (2, 1, 1)
    assert [each["unit"]["name"] for each in office.desk("county", COUNTY)["below"]] == ["南桥镇", "北塘街道"]
    office.at(2026, 3, 12, 9)
    taken(office.do("town", "send-back", office.own("v11", V11)["id"], why="漏报"))
    back = [each for each in office.desk("town", TOWN)["below"] if each["unit"]["code"] == V11]
    assert back[0]["late_since"] == "2026-03-12T09:00:00+08:00", "it had come in time"
    done = office.submitted("v12", "head12", V12)
    assert done["was_late"]
    assert [each["unit"]["code"] for each in office.desk("town", TOWN)["below"] if each["late_since"]] == [V11]


def test_the_groups_robot_names_what_is_late(office: Office) -> None:
    office.submitted("v11", "head11", V11)

    def told(unit: str) -> str:
        with transaction(office.engine) as session:
            return str(digest(session, office.settings, "wecom", unit))

    assert "逾期未报送" not in told(COUNTY)
    office.at(2026, 3, 12, 8)
    assert "报表逾期未报送：**2** 份：南桥镇（F2，截至 03-11）、石桥村（F2，截至 03-11）" in told(TOWN)
    assert "**5** 份" in told(COUNTY)
    office.at(2026, 3, 19, 8)
    assert office.prepare() == 8
    assert "等，另有 6 份" in told(COUNTY)


def test_weeks_gone_by_stay_named_until_they_come(office: Office) -> None:
    office.at(2026, 3, 18, 18)
    office.prepare()
    office.submitted("v11", "head11", V11)
    late = [
        (each["unit"]["name"], each["last_day"]) for each in office.desk("town", TOWN)["below"] if each["late_since"]
    ]
    assert late == [("柳树村", "2026-03-11"), ("石桥村", "2026-03-11"), ("石桥村", "2026-03-18")]


def test_the_monthly_form_is_compared_village_by_village(office: Office) -> None:
    office.at(2026, 3, 30, 18)
    office.prepare()
    told = {"unit_code": V11, "first_day": "2026-03-01", "last_day": "2026-03-29", "teams": 2, "person_times": 8}
    office.submitted("v11", "head11", V11, "F4")
    taken(
        office.client("town").post("/api/reports/efforts", json={"id": "7b0c9fcd-0a52-4f1f-9d7e-111111111111"} | told)
    )
    taken(office.do("town", "refresh", office.own("town", TOWN, "F4")["id"]))
    late = [{"unit_code": V12, "why": "停电"}]
    done = office.submitted("town", "townhead", TOWN, "F4", missing=late)
    assert done["differences"] == [
        "柳树村“检查组个数”本表 2，该单位报送 未填",
        "柳树村“出动执法人员人次”本表 8，该单位报送 未填",
    ]
    assert done["paper"]["signatures"][1] == "分管负责人（签名）：测试townhead"


def test_a_signed_report_is_locked_in_the_database_too(office: Office) -> None:
    done = office.submitted("v11", "head11", V11)
    for sql in (
        "UPDATE submission SET content = '{}' WHERE id = :id",
        "UPDATE submission SET due_at = now() WHERE id = :id",
        "DELETE FROM submission WHERE id = :id",
        "UPDATE submission_step SET words = 'x' WHERE submission_id = :id",
    ):
        with pytest.raises(IntegrityError), transaction(office.engine) as session:
            session.execute(text(sql), {"id": done["id"]})
    [row] = office.rows("SELECT content, content_digest FROM submission WHERE id = :id", id=done["id"])
    assert digest_of(row.content) == row.content_digest


def test_nobody_reads_or_works_outside_their_scope(office: Office) -> None:
    theirs = office.own("v21", V21)
    assert "不在您的管辖范围内" in refused(office.client("v11").get(f"/api/reports/submissions/{theirs['id']}"), 403)
    for act, body in (("refresh", {}), ("submit", {}), ("send-back", {"why": "x"}), ("correction", {"why": "x"})):
        assert "不在您的管辖范围内" in refused(office.do("town", act, theirs["id"], **body), 403)
    listed = taken(office.client("town").get("/api/reports/submissions"))
    assert {each["unit"]["code"] for each in listed["items"]} == {TOWN, V11, V12}
    assert refused(office.client("v11").get(f"/api/reports/submissions/desk?unit={V21}"), 403)
    assert "没有这份报表" in refused(office.do("v11", "refresh", "7b0c9fcd-0a52-4f1f-9d7e-222222222222"), 404)


def test_a_version_is_printed_as_it_was_signed(office: Office) -> None:
    with transaction(office.engine) as session:
        put_case(session, "1", V11, date(2026, 3, 6), fine_wan="0.5")
    taken(office.do("v11", "refresh", office.own("v11", V11)["id"]))
    done = office.submitted("v11", "head11", V11)
    with transaction(office.engine) as session:
        put_case(session, "2", V11, date(2026, 3, 7), fine_wan="3")
    answer = office.client("town").get(f"/api/reports/submissions/{done['id']}.xlsx")
    assert answer.status_code == 200
    assert quote("_柳树村_20260305-20260311_第1版.xlsx") in answer.headers["content-disposition"]
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    total = next(line for line in lines if line[0] == "合计")
    assert total[:3] == ["合计", 0, 1]
    assert total[13] == 0.5
    told = "\n".join(str(cell) for line in lines for cell in line if cell)
    assert "填报人（签名）：测试v11" in told
    assert "主要负责人（签名）：测试head11" in told
    assert f"签字链第 1 条，摘要 {done['seal']['digest']}" in told
    assert "填报日期：2026-03-10" in told


def test_every_version_is_found_in_the_history(office: Office) -> None:
    first = office.submitted("v11", "head11", V11)
    second = taken(office.do("v11", "correction", first["id"], why="漏报"))
    listed = taken(office.client("town").get(f"/api/reports/submissions?unit={V11}"))
    assert (listed["total"], [each["id"] for each in listed["items"]]) == (2, [second["id"], first["id"]])
    rest = taken(office.client("town").get(f"/api/reports/submissions?unit={V11}&limit=1&skip=1"))
    assert [each["id"] for each in rest["items"]] == [first["id"]]


@pytest.mark.parametrize(
    "tamper",
    [
        """UPDATE submission SET content = jsonb_set(content, '{total, 2}', '9') WHERE chain_id IS NOT NULL""",
        "UPDATE submission SET version = 3, why = 'x' WHERE chain_id IS NOT NULL",
        "UPDATE submission SET chain_id = NULL, state = 'replaced' WHERE chain_id IS NOT NULL",
    ],
)
def test_a_signed_report_altered_behind_the_services_back_is_found(office: Office, tamper: str) -> None:
    office.submitted("v11", "head11", V11)
    with transaction(office.engine) as session:
        assert list(verify.verify(session, office.settings)) == []
        session.execute(
            text("SET LOCAL session_replication_role = replica")
        )  # no trigger hinders who owns the database
        session.execute(text(tamper))
        [problem, *_] = verify.verify(session, office.settings)
    assert "报表" in problem.where
