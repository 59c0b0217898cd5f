"""A small part of the demo on real PostGIS: what was intended and planted is what a person then sees."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db import transaction
from app.settings import Settings
from app.sites.service import states
from demo.build import build
from demo.intentions import Intention
from demo.lists import NOWHERE
from demo.load import INVENTED_PURPOSES, load_territory, send
from demo.patrols import INVENTED, LABEL
from demo.plan import OnStep, Plan
from tests.demo.small import COUNTY, LAST_DAY, Loaded, disposed, generated, only


def test_well_covered_grids_are(loaded: Loaded) -> None:
    for code in loaded.picked[Intention.WELL]:
        assert loaded.grid(code)["covered_percent"] >= 85


def test_stale_grids_were_seen_but_too_long_ago(loaded: Loaded) -> None:
    for code in loaded.picked[Intention.STALE]:
        shares = loaded.shares(code)
        assert shares["stale"] >= 65
        assert shares["tracked"] <= 20


def test_half_covered_grids_are_half_covered(loaded: Loaded) -> None:
    """The drone's look and the jumping patrol may add to two of them."""
    special = {p.grid_code for p in loaded.plan.patrols if p.id in loaded.plan.specials.values()}
    for code in set(loaded.picked[Intention.HALF]) - special:
        assert 35 <= loaded.shares(code)["tracked"] <= 75


def test_grids_where_nobody_went_or_only_drove_past_are_nearly_never_seen(loaded: Loaded) -> None:
    for code in loaded.picked[Intention.NEVER] + loaded.picked[Intention.TOO_FAST]:
        shares = loaded.shares(code)
        assert shares["never_seen"] + shares["inaccessible"] >= 75
        assert shares["tracked"] <= 20


def test_sites_are_there_in_every_state_with_tenancies_three_deep(loaded: Loaded) -> None:
    sites = loaded.ask("/api/sites", limit=500)
    with transaction(loaded.engine) as session:
        known = states(session, loaded.settings, [UUID(site["id"]) for site in sites["items"]], LAST_DAY)
    assert {state.state for state in known.values()} == {"never", "incomplete", "overdue", "due", "checked"}
    let = [site for site in sites["items"] if site["occupancy"] == "multi_tenant" and site["tenancy_count"]]
    trees = [loaded.ask(f"/api/sites/{site['id']}") for site in let[:3]]
    assert 2 in {tenancy["depth"] for tree in trees for tenancy in tree["tenancies"]}
    assert all(tree["provenance"].startswith("真实轮廓") for tree in trees if tree["outline"])


def test_what_is_left_out_at_sites_shows(loaded: Loaded) -> None:
    counts = loaded.ask("/api/sites/omissions", limit=1)["counts"]
    planted = ("no_place", "never_visited", "overdue", "visited_from_afar", "lease_without_check", "lease_expired")
    assert [kind for kind in planted if not counts[kind]] == []


def test_lists_lack_who_was_planted(loaded: Loaded) -> None:
    lists = {each["kind"]: each for each in loaded.ask("/api/baselines")["items"]}
    assert lists["market_register"]["figures"]["unmatched"] >= NOWHERE / 2
    assert lists["market_register"]["figures"]["matched"] > lists["market_register"]["figures"]["unmatched"]


def test_leads_and_cases_are_there_in_every_state(loaded: Loaded) -> None:
    leads = loaded.ask("/api/leads", limit=100)["items"]
    assert {lead["state"] for lead in leads} == {"new", "assigned", "checked", "true", "false", "rewarded"}
    assert {"power_growth", "vehicle"} <= {lead["source"] for lead in leads}
    cases = loaded.ask("/api/cases", limit=100)["items"]
    assert {case["state"] for case in cases} == {"registered", "rectifying", "closed", "struck_off"}
    assert any(case["relapses"] for case in cases)


def test_all_shares_appear_and_add_up(loaded: Loaded) -> None:
    unit = loaded.ask(f"/api/units/{COUNTY}/coverage", on=LAST_DAY.isoformat())["unit"]
    areas = {name: share["area_m2"] for name, share in unit["shares"].items()}
    assert len(areas) == 7
    assert min(areas.values()) > 0
    assert sum(areas.values()) == pytest.approx(unit["area_m2"], abs=0.001)
    assert unit["generated"] is False
    assert loaded.ask("/api/status")["generated"] is True


def test_planted_faults_are_found_and_nothing_else(loaded: Loaded) -> None:
    faults = loaded.plan.scene.faults
    found: dict[str, list[dict[str, Any]]] = {}
    for feature in loaded.ask("/api/defects", unit=COUNTY)["features"]:
        found.setdefault(feature["properties"]["kind"], []).append(feature["properties"])
    assert {tuple(sorted(d["part_codes"])) for d in found["overlap"]} == {tuple(sorted(faults.overlap))}
    assert {d["part_codes"][0] for d in found["no_officer"]} == set(faults.no_officer)
    assert {d["part_codes"][0] for d in found["no_cycle"]} == set(faults.no_cycle)
    within = [d for d in found["nobodys_land"] if d["unit_code"] in {g.unit_code for g in loaded.plan.scene.grids}]
    large = [d for d in within if not d["is_sliver"]]
    assert {d["unit_code"] for d in large} == {faults.gap[:12]}
    assert {d["unit_code"] for d in within if d["is_sliver"]} == {faults.sliver[0][:12]}


def test_every_patrol_says_that_it_is_real_movement_relocated(loaded: Loaded) -> None:
    with loaded.engine.connect() as connection:
        labels = connection.execute(text("SELECT label, count(*) FROM patrol GROUP BY label")).all()
    invented = sum(p.purpose in INVENTED_PURPOSES for p in (*loaded.plan.patrols, *loaded.plan.suspicious))
    real = len(loaded.plan.patrols) + len(loaded.plan.suspicious) - invented
    assert {tuple(row) for row in labels} == {(LABEL, real), (INVENTED, invented)}
    assert loaded.ask(f"/api/patrols/{loaded.plan.patrols[0].id}")["label"] == "真实轨迹，异地移置（演示）"


def test_special_patrols_are_told_why_they_do_not_count(loaded: Loaded) -> None:
    answers = {name: loaded.ask(f"/api/patrols/{patrol}") for name, patrol in loaded.plan.specials.items()}
    assert [part["reason"] for part in answers["weak"]["left_out"]] == ["weak_accuracy"]
    assert answers["weak"]["counted"]["pairs"] == 0
    assert "jump" in {part["reason"] for part in answers["jump"]["left_out"]}
    assert answers["voided"]["state"] == "voided"
    assert "演示" in answers["voided"]["void_reason"]
    assert answers["drone"]["mode"] == "drone"
    assert answers["drone"]["seen_m2"] > 0


def test_patrols_driven_too_fast_hardly_count(loaded: Loaded) -> None:
    fast = [p for p in loaded.plan.patrols if p.purpose == Intention.TOO_FAST.value]
    assert fast
    for patrol in fast:
        answer = loaded.ask(f"/api/patrols/{patrol.id}")
        left_out = {part["reason"]: part["pairs"] for part in answer["left_out"]}
        assert left_out["too_fast"] > 0.8 * (answer["fixes"] - 1)


def test_building_again_changes_nothing(loaded: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    before = loaded.ask("/api/status")
    assert build(loaded.engine, loaded.settings, LAST_DAY, generated(loaded.plan)) == 0
    assert loaded.ask("/api/status") == before
    assert "make clean-data demo" in capsys.readouterr().err


def test_other_peoples_data_are_left_alone(
    database: str, small: tuple[Plan, dict[Intention, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = """INSERT INTO import_batch (id, subject, file_name, file_digest, datum, mapping, report, actor)
        VALUES (gen_random_uuid(), 'units', 'ours.geojson', '', 'WGS-84', '{}', '{}', 'somebody')"""
    with disposed(database) as engine:
        with engine.begin() as connection:
            connection.execute(text(foreign))
        assert build(engine, Settings(database_url=database), LAST_DAY, generated(small[0])) == 1
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM unit")).scalar() == 0
    assert "nothing was written" in capsys.readouterr().err


def test_a_build_that_was_cut_short_is_finished_as_it_was_begun(database: str, plan: Plan, tmp_path: Path) -> None:
    """Territory and a patrol are there when it goes on, a day later."""
    voided = next(p for p in plan.patrols if p.void_reason is not None)
    tiny = replace(only(plan, {voided.grid_code}), suspicious=())
    asked = []

    def generate(last_day: Any, _on_step: OnStep) -> Plan:
        asked.append(last_day)
        return tiny

    settings, later = Settings(database_url=database, data_dir=tmp_path), LAST_DAY + timedelta(days=1)
    with disposed(database) as engine:
        load_territory(engine, settings, tiny)
        send(engine, settings, tiny.patrols[0])
        assert build(engine, settings, later, generate) == 0
        assert build(engine, settings, later, generate) == 0
        with engine.connect() as connection:
            states = connection.execute(text("SELECT state, count(*) FROM patrol GROUP BY state")).all()
    assert asked == [LAST_DAY]
    assert {tuple(row) for row in states} == {("voided", 1)}
