"""Leads in the small city, for the page: one of each kind of source, state and omission that a reader meets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from sqlalchemy.orm import Session

from app.rights import Role
from tests.app.leads.asks import ELSEWHERE, LAT, LON, csv_of, entry, months, reporter, site, tenancy, trace
from tests.support import seeding
from tests.support.people import add_person
from tests.support.phone import add_people
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH
from tests.support.server import OPERATOR_TOKEN

PLACE = {"lon": LON, "lat": LAT, "datum": "WGS-84"}
FIELD = (WEST + 0.7 * WIDTH, SOUTH + 2.7 * HEIGHT)
YEAR = [1000, 1100, 950, 1050, 1000, 980, 1020, 1010, 990, 3030, 2970, 3100]


@dataclass(frozen=True)
class Leads:
    """Ids of leads: a hotline call with a reporter, a letter without a place, one that is late."""

    call: str
    letter: str
    late: str


def readings() -> bytes:
    """A table in which one user's use trebles."""
    head = ["户号", "户名", "用电地址", *months(12)]
    return csv_of([head, ["3201", "柳树五金厂", "柳树村", *YEAR], ["3202", "平稳厂", "柳树村", *[1000] * 12]])


def vehicle() -> bytes:
    """A trace with a stop in the fields."""
    return trace((FIELD, 40), (ELSEWHERE, 5), start=datetime(2026, 6, 1, 1, tzinfo=UTC))


def put_people(session: Session) -> None:
    """The city, its people and a site."""
    add_people(session)
    add_person(session, "intake", Role.INTAKE, [(seeding.COUNTY_A, None)])
    add_person(session, "leader", Role.LEADER, [(seeding.COUNTY_A, None)])
    here = site(session, "柳树五金厂")
    tenancy(session, here)


def put_leads(url: str) -> Leads:
    """Leads entered at a running server by the operator."""
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {OPERATOR_TOKEN}"}, trust_env=False) as client:
        call = _sent(client, entry(number="12350-0601", place=PLACE, subject_name="柳树五金厂", reporter=reporter()))
        told_at = (datetime.now(UTC) - timedelta(days=2)).isoformat()
        letter = _sent(client, entry(source="letter", number="信-18", subject_name="北面的院子", told_at=told_at))
        old = (datetime.now(UTC) - timedelta(days=12)).isoformat()
        place = {**PLACE, "lon": ELSEWHERE[0], "lat": ELSEWHERE[1]}
        late = _sent(client, entry(number="12350-0588", subject_name="石桥仓库", told_at=old, place=place))
    return Leads(call, letter, late)


def _sent(client: httpx2.Client, body: Mapping[str, Any]) -> str:
    answer = client.post("/api/leads/entries", json=dict(body))
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["id"]
    return found
