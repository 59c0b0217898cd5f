"""The forms: their lines, what the system fills in, versions, and what must be refused."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.rights import Role
from app.supervision import service
from app.supervision.forms import FORMS
from app.supervision.schemas import ItemRow, KnownOut, PlanDetail
from tests.app.reports.records import ITEMS, clear, put_case
from tests.app.supervision.records import (
    FOUND,
    SETTINGS,
    SUPERVISOR,
    V11,
    V12,
    answer,
    chemical,
    draw,
    of,
    person,
    site,
    whole,
)
from tests.support.seeding import CITY, COUNTY_B

_BASELINE = text(
    """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest, mapping,
        report, state, row_count, created_by)
    VALUES (:id, '名录', :kind, '某局', '2026-01-01', :unit, CAST(:path AS ltree), 'a.csv', 'x', '{}', '{}', 'ready', 3,
        'test')"""
)
_ROWS = text(
    """INSERT INTO baseline_row (baseline_id, row_number, name, uscc_valid, unit_path, extra, state, decided_by,
        decided_why, visited_on)
    SELECT :id, n, '企业' || n, false, CAST(:unit AS ltree), '{}', CASE WHEN n = 1 THEN 'absent' ELSE 'unmatched' END,
        CASE WHEN n = 1 THEN 'x' END, CASE WHEN n = 1 THEN 'x' END, CASE WHEN n = 1 THEN DATE '2026-02-01' END
    FROM generate_series(1, 3) n"""
)
_LEAD = text(
    """INSERT INTO lead (id, source, what, unit_path, made_at, content_digest, answer, state, deadline, number)
    VALUES (:id, 'hotline', 'smell', CAST(:path AS ltree), now(), 'x', '{}', :state, '2026-01-05', :number)"""
)


def known(session: Session, item: ItemRow) -> dict[int, KnownOut]:
    """What the system says, by line."""
    filled = service.item(session, SETTINGS, SUPERVISOR, item.id)
    return {line.number: line.known for line in filled.lines if line.known is not None}


def the_city(plan: PlanDetail) -> ItemRow:
    return of(plan, "unit")[0]


def test_the_forms_have_the_lines_of_the_notice() -> None:
    assert {code: len(form.items) for code, form in FORMS.items()} == {"F5": 20, "F6": 13, "F7": 11}
    assert [item.number for item in FORMS["F5"].items if item.known] == [9, 10, 12, 13, 14, 18]
    assert all([item.number for item in form.items] == list(range(1, len(form.items) + 1)) for form in FORMS.values())


def test_the_paperwork_is_filled_in_with_what_the_system_knows(city: Session) -> None:
    lists = {"id": uuid4(), "kind": "market_register", "unit": CITY, "path": CITY}
    city.execute(_BASELINE, lists)
    city.execute(_ROWS, lists)
    for number, state in enumerate(("true", "new", "false")):
        city.execute(_LEAD, {"id": uuid4(), "path": CITY, "state": state, "number": f"H{number}"})
    done = put_case(city, "C1", V11, FOUND, state="closed", closed_on=FOUND)
    clear(city, done, dict.fromkeys(ITEMS, FOUND))
    put_case(city, "C2", V11, FOUND, state="closed", closed_on=FOUND)
    put_case(city, "C3", V12, FOUND)
    said = known(city, the_city(draw(city)))
    assert said[9].text == "市场监督管理部门提供底单 1 份、共 3 行，已核查 1 行，排查覆盖率 33%。"
    assert said[10].text == "没有电力部门提供的底单。"
    assert "问题 3 件，完成整治 2 件，整治完成率 66%" in said[12].text
    assert "1 件“两断三清”五项凭证齐全，1 件不齐全" in said[12].text
    assert (said[13].text, said[13].answer) == ("信访举报 3 件，已核查答复 2 件（66%），逾期未办 1 件。", "no")
    assert (said[14].answer, said[14].page) == ("partly", f"/cases?unit={CITY}")
    assert "村（社区） 5 个，近 31 天内有有效签字的 0 个" in said[18].text


def test_a_chemical_site_is_filled_in_from_its_file(city: Session) -> None:
    hotline = uuid4()
    city.execute(_LEAD, {"id": hotline, "path": CITY, "state": "true", "number": "H9"})
    case = chemical(city, "NQ-7", V11, way_to_close="ban", fine_wan="2.5", filed_on=FOUND, disciplined_persons=1)
    city.execute(text("UPDATE case_file SET lead_id = :lead, handler_name = '周明'"), {"lead": hotline})
    clear(city, case, {"water": FOUND, "power": FOUND, "equipment": FOUND})
    item = of(draw(city), "chemical_unfinished")[0]
    filled = service.item(city, SETTINGS, SUPERVISOR, item.id)
    assert filled.above == [("名称", "某冶炼作坊"), ("问题编号", "NQ-7"), ("详细地址", "三组 12 号")]
    said = known(city, item)
    assert {number: one.answer for number, one in said.items()} == {
        1: "yes", 2: "yes", 3: "yes", 4: "yes", 5: "no", 6: "no", 8: "yes", 9: "yes", 10: "yes", 11: None, 12: None,
        13: "yes",
    }  # fmt: skip
    assert "H9" in said[1].text
    assert said[8].text == "跟踪督办人：周明"
    assert said[10].text == "罚款 2.5 万元"


def test_a_site_without_a_file_says_what_is_registered(city: Session) -> None:
    site(city, "P1", V11, occupancy="shut_down")
    item = of(draw(city), "shut_down")[0]
    filled = service.item(city, SETTINGS, SUPERVISOR, item.id)
    assert [value for _, value in filled.above] == ["企业P1（P1）", "", "停产停业、关闭"]
    assert known(city, item)[1].answer == "yes"


def test_answers_are_versions_with_what_was_known_then(city: Session) -> None:
    chemical(city, "NQ-7", V11)
    item = of(draw(city), "chemical_unfinished")[0]
    answer(city, item, is_final=False, found_omission=None, answers={"1": {"answer": "no", "words": " 群众反映 "}})
    filled = answer(city, item, version=1, found_omission=True, words="院内另有一口反应釜，台账没有")
    assert [(one.version, one.is_final) for one in filled.versions] == [(2, True), (1, False)]
    assert (filled.state, filled.found_omission) == ("final", True)
    stored = city.execute(text("SELECT answers FROM supervision_answer ORDER BY version")).scalars().all()
    assert stored[0]["1"] == {"answer": "no", "number": None, "words": "群众反映", "known": "不是信访举报件"}
    corrected = answer(city, item, version=2)
    assert (corrected.version, corrected.found_omission) == (3, False)


def test_a_stored_answer_is_never_changed(city: Session) -> None:
    chemical(city, "NQ-7", V11)
    answer(city, of(draw(city), "chemical_unfinished")[0])
    for statement in ("UPDATE supervision_answer SET words = 'x'", "UPDATE supervision_item SET why = '{}'"):
        with pytest.raises(Exception, match="never changed or deleted"), city.begin_nested():
            city.execute(text(statement))


def test_sent_again_it_is_one_version_and_other_content_is_refused(city: Session) -> None:
    item = the_city(draw(city))
    known_id = uuid4()
    answer(city, item, id=known_id)
    assert len(answer(city, item, id=known_id).versions) == 1
    with pytest.raises(ConflictError, match="已用于另一次填写"):
        answer(city, item, id=known_id, words="别的")


def test_who_was_slower_is_told(city: Session) -> None:
    item = the_city(draw(city))
    answer(city, item)
    with pytest.raises(ConflictError, match="刚被 supervisor"):
        answer(city, item)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answers": {"1": {"answer": "yes"}}}, "第 2、3、4、5、6、8、9、10、11、12、13 项还没有填写"),
        ({"answers": {"14": {"answer": "yes"}}}, "F6 没有第 14 项"),
        ({"answers": {"7": {"answer": "yes"}}}, "第 7 项应用文字填写"),
        ({"answers": {"1": {"number": 3}}}, "第 1 项应选择"),
        ({"found_omission": None}, "须说明是否发现漏查"),
        ({"found_omission": True}, "须写明漏了什么"),
    ],
    ids=["missing", "strange", "words", "choice", "omission", "which"],
)
def test_what_does_not_fit_the_form_is_refused(city: Session, change: dict[str, Any], message: str) -> None:
    chemical(city, "NQ-7", V11)
    item = of(draw(city), "chemical_unfinished")[0]
    with pytest.raises(InvalidInputError, match=message):
        answer(city, item, **change)
    assert service.item(city, SETTINGS, SUPERVISOR, item.id).versions == []


def test_the_reason_for_what_is_open_may_be_left_out(city: Session) -> None:
    chemical(city, "NQ-7", V11)
    item = of(draw(city), "chemical_unfinished")[0]
    answers = whole("F6")["answers"]
    answers.pop("7")
    assert answer(city, item, answers=answers).state == "final"


def test_forms_beyond_ones_scope_and_unknown_ones_are_refused(city: Session) -> None:
    chemical(city, "NQ-7", V11)
    item = of(draw(city), "chemical_unfinished")[0]
    with pytest.raises(ForbiddenError, match="不在您的管辖范围内"):
        answer(city, item, person(Role.SUPERVISOR, COUNTY_B))
    with pytest.raises(NotFoundError):
        service.item(city, SETTINGS, SUPERVISOR, uuid4())
