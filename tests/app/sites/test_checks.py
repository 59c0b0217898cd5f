"""How sites stand: only what was entered, all of it, within the cycle, counts as checked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from app.settings import Settings
from app.sites import checking, service
from app.sites.verify import verify
from geo.daytiles import day_number
from tests.app.sites.bodies import TODAY, days, kinds, put_site, put_tenancy, put_visit, taken, visit
from tests.support.databases import wait_until


def stands(client: TestClient, site_id: str) -> dict[str, Any]:
    """The site as the list has it."""
    [row] = [row for row in taken(client.get("/api/sites"))["items"] if row["id"] == site_id]
    return dict(row)


def is_proved(engine: Engine, settings: Settings) -> bool:
    """Whether all that is stored follows."""
    with transaction(engine) as session:
        return not list(verify(session, settings))


@pytest.mark.parametrize(
    ("days_ago", "state"), [(0, "checked"), (11, "checked"), (12, "due"), (14, "due"), (15, "overdue"), (90, "overdue")]
)
def test_a_site_alone_stands_by_its_last_visit(
    city: TestClient, own_engine: Engine, settings: Settings, days_ago: int, state: str
) -> None:
    site_id = put_site(city, risk="medium")
    visit(own_engine, site_id, days_ago + 30)
    visit(own_engine, site_id, days_ago)
    row = stands(city, site_id)
    assert (row["state"], row["last_visit_on"]) == (state, days(days_ago).isoformat())
    assert row["due_on"] == (days(days_ago) + timedelta(days=15)).isoformat()
    assert ("overdue" in kinds(row)) == (state == "overdue")
    assert is_proved(own_engine, settings)


def test_its_own_cycle_goes_before_that_of_its_risk(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, risk="high", cycle_days=60)
    visit(own_engine, site_id, 40)
    assert stands(city, site_id)["state"] == "checked"


def test_a_locked_gate_is_no_visit(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city)
    visit(own_engine, site_id, 0, result="not_entered")
    row = stands(city, site_id)
    assert (row["state"], row["last_visit_on"]) == ("never", None)
    found = taken(city.get(f"/api/sites/{site_id}"))["visits"][0]
    assert found["result_text"] == "未能进入", "it is kept"


def test_a_voided_visit_does_not_count(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city)
    visit_id = visit(own_engine, site_id, 0)
    assert stands(city, site_id)["state"] == "checked"
    with transaction(own_engine) as session:
        session.execute(
            text("UPDATE visit SET state = 'voided', void_reason = 'x', voided_by = 'x', voided_at = now()")
        )
        service.refresh_checks(session, [UUID(site_id)], day_number(TODAY))
    assert visit_id
    assert stands(city, site_id)["state"] == "never"


def test_a_site_is_checked_only_when_every_current_tenancy_was_seen_within_the_cycle(
    city: TestClient, own_engine: Engine, settings: Settings
) -> None:
    site_id = put_site(city, risk="medium")
    one, two = put_tenancy(city, site_id, "甲"), put_tenancy(city, site_id, "乙")
    visit(own_engine, site_id, 5, seen=(one,), missed=(two,))
    row = stands(city, site_id)
    assert (row["state"], row["unseen_count"], row["checked_on"]) == ("incomplete", 1, None)
    assert "never_seen" in kinds(row)
    visit(own_engine, site_id, 3, seen=(two,), missed=(one,))
    row = stands(city, site_id)
    assert (row["state"], row["checked_on"]) == ("checked", days(5).isoformat()), "the earliest of all looks counts"
    assert is_proved(own_engine, settings)


def test_a_young_visit_does_not_hide_a_tenancy_not_seen_for_long(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, risk="medium")
    one, two = put_tenancy(city, site_id, "甲"), put_tenancy(city, site_id, "乙")
    visit(own_engine, site_id, 40, seen=(one, two))
    visit(own_engine, site_id, 2, seen=(one,), missed=(two,))
    row = stands(city, site_id)
    assert (row["state"], row["checked_on"]) == ("incomplete", days(40).isoformat())
    [late] = [omission for omission in row["omissions"] if omission["kind"] == "overdue"]
    assert late["since"] == days(25).isoformat()
    looks = {row["tenant_name"]: row["look"] for row in taken(city.get(f"/api/sites/{site_id}"))["tenancies"]}
    assert looks == {"甲": "checked", "乙": "overdue"}


def test_when_the_visit_itself_is_old_it_is_overdue_whatever_was_seen(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, risk="medium")
    put_tenancy(city, site_id, "甲")
    visit(own_engine, site_id, 40)
    assert stands(city, site_id)["state"] == "overdue"


def test_a_tenant_who_came_after_the_last_visit_shows(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, risk="medium")
    visit(own_engine, site_id, 5)
    put_tenancy(city, site_id, "新来", started_on=days(2).isoformat())
    row = stands(city, site_id)
    assert row["state"] == "incomplete"
    assert "new_since_last_visit" in kinds(row)
    assert "never_seen" not in kinds(row)


def test_an_ended_tenancy_need_not_be_seen(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, risk="medium")
    gone = put_tenancy(city, site_id, "走了")
    visit(own_engine, site_id, 1)
    assert stands(city, site_id)["state"] == "incomplete"
    taken(city.post(f"/api/tenancies/{gone}/end", json={"ended_on": TODAY.isoformat(), "why": "搬走"}))
    assert stands(city, site_id)["state"] == "checked"


@pytest.mark.parametrize(
    ("more", "is_far"),
    [
        ({"distance_m": 110.0}, False),
        ({"distance_m": 111.0}, True),
        ({"distance_m": None, "position": None}, True),
        ({"distance_m": None}, False),
    ],
)
def test_a_visit_from_afar_or_from_nowhere_shows(
    city: TestClient, own_engine: Engine, more: dict[str, Any], is_far: bool
) -> None:
    site_id = put_site(city)
    visit(own_engine, site_id, 3, distance_m=500.0)
    visit(own_engine, site_id, 1, **more)
    assert ("visited_from_afar" in kinds(stands(city, site_id))) == is_far


def test_what_begins_by_itself_is_never_read_as_it_was_yesterday(
    city: TestClient, own_engine: Engine, settings: Settings
) -> None:
    """A tenancy that begins today, and a check derived two days ago, before the night's job has run."""
    site_id, other = put_site(city, risk="low"), put_site(city, risk="low")
    put_tenancy(city, site_id, "今日入驻", started_on=TODAY.isoformat())
    visit(own_engine, site_id, 3)
    visit(own_engine, other, 3)
    with transaction(own_engine) as session:
        checking.refresh_checks(session, [UUID(site_id), UUID(other)], day_number(TODAY) - 2)
        kept = session.execute(text("SELECT tenancies FROM site_check WHERE site_id = :id"), {"id": site_id})
        assert kept.scalar_one() == 0, "two days ago nobody was in it"
    assert stands(city, site_id)["state"] == "incomplete"
    assert stands(city, other)["state"] == "checked"
    assert is_proved(own_engine, settings)


def test_a_lease_that_ran_out_overnight_shows(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city)
    tenancy_id = put_tenancy(city, site_id, lease_from="2020-01-01", lease_to=days(1).isoformat())
    assert tenancy_id
    with transaction(own_engine) as session:
        checking.refresh_checks(session, [UUID(site_id)], day_number(TODAY) - 1)
    row = stands(city, site_id)
    [expired] = [omission for omission in row["omissions"] if omission["kind"] == "lease_expired"]
    assert expired["since"] == TODAY.isoformat()
    assert taken(city.get("/api/sites?omission=lease_expired"))["total"] == 1


def test_the_night_brings_all_up_to_today(city: TestClient, own_engine: Engine, settings: Settings) -> None:
    site_id = put_site(city)
    with transaction(own_engine) as session:
        checking.refresh_checks(session, [UUID(site_id)], day_number(TODAY) - 9)
    assert checking.refresh_older(own_engine, settings) == 1
    assert checking.refresh_older(own_engine, settings) == 0


def test_verify_finds_what_does_not_follow_and_rebuild_puts_it_right(
    city: TestClient, own_engine: Engine, settings: Settings
) -> None:
    site_id = put_site(city, code="S-1")
    visit(own_engine, site_id, 5)
    put_site(city, code="S-2")
    with transaction(own_engine) as session:
        session.execute(text("UPDATE site_check SET checked_day = checked_day + 1"))
        session.execute(text("DELETE FROM site_check WHERE last_visit_day IS NULL"))
        session.execute(text("UPDATE site SET grid_code = 'x' WHERE code = 'S-2'"))
    with transaction(own_engine) as session:
        found = {(difference.code, difference.found.partition("：")[0]) for difference in verify(session, settings)}
        assert found == {("S-1", "全部查到之日"), ("S-2", "没有检查状态"), ("S-2", "所在网格或区划与位置不符")}
        checking.relocate(session, None, TODAY, "test")
        assert checking.rebuild(session, settings) == 2
        assert not list(verify(session, settings))


def test_states_of_another_day_are_those_of_that_day(city: TestClient, own_engine: Engine, settings: Settings) -> None:
    site_id = put_site(city, risk="medium")
    put_tenancy(city, site_id, "甲", started_on=days(10).isoformat())
    visit(own_engine, site_id, 12)
    with transaction(own_engine) as session:
        found = {
            ago: service.states(session, settings, [UUID(site_id)], days(ago))[UUID(site_id)].state
            for ago in (20, 12, 11, 9, 0, -30)
        }
    assert found == {20: "never", 12: "checked", 11: "checked", 9: "incomplete", 0: "incomplete", -30: "overdue"}


def test_of_two_who_derive_at_once_none_forgets_what_the_other_saw(city: TestClient, own_engine: Engine) -> None:
    """A visit is being taken in while somebody else derives the same site: the second waits, then sees it."""
    site_id = put_site(city)
    ids, day = [UUID(site_id)], day_number(TODAY)

    def derive() -> None:
        with transaction(own_engine) as session:
            checking.refresh_checks(session, ids, day)

    def is_waiting() -> bool:
        with own_engine.connect() as connection:
            return bool(connection.execute(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")).scalar())

    with ThreadPoolExecutor(1) as others:
        with transaction(own_engine) as session:
            put_visit(session, site_id)
            checking.refresh_checks(session, ids, day)
            other = others.submit(derive)
            wait_until(is_waiting, "the second to wait for the first")
        other.result(30)
    assert stands(city, site_id)["last_visit_on"] == TODAY.isoformat()
