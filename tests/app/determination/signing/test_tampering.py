"""Whatever is changed by hand in SQL after it was signed is found by `wuyilou verify`, which names the place."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.actor import terminal
from app.cli import application
from app.db import transaction
from app.determination import service
from app.determination.chain.sealed import canonical, sha256
from app.territory import service as territory
from tests.app.determination.signing.office import Office, operator
from tests.app.determination.village import TOWN, VILLAGE
from tests.support.people import PASSWORD

BY_HAND: dict[str, tuple[str, tuple[str, ...]]] = {
    "the period of a signature": (
        "UPDATE attestation SET last_day = last_day - 1 WHERE unit_code = '{town}'",
        (TOWN, "结束日期显示为"),
    ),
    "the signed document": (
        "UPDATE chain_entry SET document = replace(document, '测试head', '测试clerk') WHERE kind = 'attestation'"
        " AND unit_code = '{village}'",
        ("签字确认", "内容与其摘要不符"),
    ),
    "who signed, as lists show it": (
        "UPDATE chain_entry SET by_name = '别人' WHERE kind = 'attestation' AND unit_code = '{village}'",
        ("签署人显示为“别人”", "测试head"),
    ),
    "the list of what it stands on": (
        "UPDATE attestation_evidence SET items = '\\x00' WHERE attestation_id ="
        " (SELECT id FROM attestation WHERE unit_code = '{village}')",
        (VILLAGE, "证据清单不存在或无法读取"),
    ),
    "on which signatures it stands": (
        "DELETE FROM attestation_basis WHERE attestation_id ="
        " (SELECT id FROM attestation WHERE unit_code = '{town}') AND basis_id ="
        " (SELECT id FROM attestation WHERE unit_code = '{village}')",
        (TOWN, "所依据的签字显示为"),
    ),
    "a signature ended without an entry": (
        "UPDATE attestation SET state = 'superseded', state_entry ="
        " (SELECT id FROM chain_entry ORDER BY seq LIMIT 1) WHERE unit_code = '{village}'",
        (VILLAGE, "按链上的条目仍然有效"),
    ),
    "a patrol that is no more": (
        "DELETE FROM evidence WHERE id = '{patrol_0}'",
        ("明珠村", "巡查记录", "不再存在"),
    ),
    "when a patrol was": (
        "UPDATE evidence SET started_at = started_at - interval '1 hour' WHERE id = '{patrol_0}'",
        ("明珠村", "巡查记录", "签字后有变动"),
    ),
    "what a visit found": (
        "UPDATE visit SET note = '一切正常' WHERE id = '{visit}'",
        ("明珠村", "检查走访", "签字后有变动"),
    ),
    "a site, without a record of it": (
        "UPDATE site SET lessor_name = '别人' WHERE id = '{site}'",
        ("明珠村", "红星机械厂", "没有相应的办理记录"),
    ),
    "what a site's history says": (
        "UPDATE site_event SET words = '改' WHERE site_id = '{site}'",
        ("明珠村", "红星机械厂", "签字后有变动"),
    ),
    "what was seen, cell by cell": (
        "UPDATE look SET day = day - 1 WHERE evidence_id = '{patrol_0}'",
        ("明珠村", "覆盖数据", "签字后有变动"),
    ),
    "a grid's outline": (
        "UPDATE grid SET geom = ST_Translate(geom, 0.0001, 0) WHERE unit_code = '{village}'",
        ("明珠村", "网格", "签字后有变动"),
    ),
    "how much a policy lets stand": (
        'UPDATE policy SET thresholds = \'{{"site_overdue": {{"count": 999}}}}\'',
        ("签字标准", "限度显示为"),
    ),
    "an exception approved by nobody": (
        "UPDATE omission_exception SET state = 'approved', decided_by = 'x', decided_at = now()",
        ("例外", "链上没有批准它的条目"),
    ),
    "how long a delegation lasts": (
        "UPDATE delegation SET last_day = last_day + 30",
        ("签字委托", "结束日期显示为"),
    ),
    "an entry of the chain deleted": (
        "DELETE FROM chain_entry WHERE seq = 2",
        ("链上第 3 条", "缺少第 2 条"),
    ),
}


def wuyilou(office: Office, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """The command at the server's terminal."""
    monkeypatch.setenv("WUYILOU_DATABASE_URL", office.settings.database_url or "")
    monkeypatch.setenv("WUYILOU_DATA_DIR", str(office.settings.data_dir))
    monkeypatch.setenv("COLUMNS", "400")
    return CliRunner().invoke(application(list(words)), list(words))


def furnished(office: Office) -> None:
    """Everything that can stand on the chain: a policy, an exception asked for, a delegation, and the signatures."""
    today = office.settings.today().isoformat()
    client = office.visitor().client
    policy = {"unit": TOWN, "valid_from": today, "thresholds": {"site_overdue": {"count": 1}}, "words": "试行"}
    answer = client.post("/api/determination/policies", json=policy, headers=operator())
    assert answer.status_code == 201, answer.text
    delegation = {"unit": VILLAGE, "to": "clerk", "first_day": today, "last_day": today, "reason": "外出"}
    answer = office.as_("head").post("/api/determination/delegations", {**delegation, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    with transaction(office.engine) as session:
        session.execute(
            text(
                """INSERT INTO omission_exception (id, kind, subject, name, unit_code, unit_path, reason, until,
                    content_digest, requested_by)
                SELECT gen_random_uuid(), 'site_overdue', 'site:none', '旧厂', code, path, '停产', :until, '', 'x'
                FROM unit WHERE code = :code"""
            ),
            {"code": VILLAGE, "until": office.settings.today() + timedelta(days=9)},
        )
    office.signed_up()


def test_what_is_left_alone_is_found_to_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(office)

    done = wuyilou(office, monkeypatch, "verify")

    assert done.exit_code == 0, done.output
    assert "全部成立" in done.output
    assert "链首 第 6 条" in done.output


@pytest.mark.parametrize("what", BY_HAND)
def test_what_is_changed_by_hand_is_found(office: Office, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    furnished(office)
    statement, told = BY_HAND[what]

    office.tamper(statement.format(**office.ids, town=TOWN, village=VILLAGE))
    done = wuyilou(office, monkeypatch, "verify")

    assert done.exit_code == 1, done.output
    lines = [line for line in done.output.splitlines() if all(words in line for words in told)]
    assert lines, done.output


def test_an_exception_moved_to_another_unit_by_hand_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    furnished(office)
    with transaction(office.engine) as session:
        known = session.execute(text("SELECT id FROM omission_exception")).scalar_one()
    answer = office.visitor().client.post(
        f"/api/determination/exceptions/{known}/decision", json={"approve": True, "words": "同意"}, headers=operator()
    )
    assert answer.status_code == 200, answer.text
    assert wuyilou(office, monkeypatch, "verify").exit_code == 0

    office.tamper("UPDATE omission_exception SET unit_path = subpath(unit_path, 0, -1)")
    done = wuyilou(office, monkeypatch, "verify")

    assert done.exit_code == 1
    assert "例外" in done.output
    assert "区划路径" in done.output


def test_a_signature_that_stands_no_longer_is_not_brought_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (village,) = office.signed(VILLAGE)
    office.walk()
    assert office.read(village, "head")["state"] == "superseded"

    office.tamper("UPDATE attestation SET state = 'valid', state_entry = NULL")
    done = wuyilou(office, monkeypatch, "verify")

    assert done.exit_code == 1
    assert "状态显示为“valid”，而按链上的条目已失效或已退回" in done.output


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submission SET content = '{\"total\": 0}'",
        "UPDATE submission SET last_day = last_day + 7",
        "UPDATE submission SET chain_id = gen_random_uuid()",
    ],
)
def test_a_signed_report_changed_by_hand_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    digest = sha256(canonical({"total": 3}))
    day = office.settings.today().isoformat()
    told = {"submission": str(UUID(int=5)), "form": "F2", "first_day": day, "last_day": day, "version": 1}
    with transaction(office.engine) as session:
        unit = territory.unit_or_404(session, TOWN)
        document = {**told, "content_digest": digest.hex()}
        entry = service.append(session, office.settings, terminal(), "report", unit, document)
        session.execute(
            text(
                """INSERT INTO submission (id, form, unit_code, unit_path, first_day, last_day, due_at, version,
                    content, content_digest, state, chain_id)
                VALUES (:submission, :form, :unit, CAST(:path AS ltree), :first_day, :last_day, now(), :version,
                    '{"total": 3}', :digest, 'signed', :entry)"""
            ),
            {**told, "unit": unit.code, "path": unit.path, "digest": digest, "entry": entry.id},
        )
    assert wuyilou(office, monkeypatch, "verify").exit_code == 0

    office.tamper(statement)
    done = wuyilou(office, monkeypatch, "verify")

    assert done.exit_code == 1
    assert TOWN in done.output
    assert "报表 F2" in done.output


def test_a_cut_end_is_found_by_what_was_exported(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    furnished(office)
    kept = tmp_path / "kept.json"
    assert wuyilou(office, monkeypatch, "keys", "export", str(kept)).exit_code == 0
    assert "PRIVATE" not in kept.read_text("utf-8")

    office.tamper(
        "DELETE FROM attestation_basis WHERE attestation_id IN (SELECT id FROM attestation WHERE level = 'county')",
        "DELETE FROM attestation WHERE level = 'county'",
        "DELETE FROM chain_entry WHERE seq = 6",
    )

    alone = wuyilou(office, monkeypatch, "verify")
    compared = wuyilou(office, monkeypatch, "verify", "--against", str(kept))
    assert alone.exit_code == 0, alone.output
    assert compared.exit_code == 1
    assert "到第 5 条为止" in compared.output
