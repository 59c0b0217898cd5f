"""What sites of a unit lack on a day that is past is derived once for each of them, and of no other."""

import re
from datetime import timedelta

from sqlalchemy import Engine, text

from app.db import transaction
from app.scope import EVERYTHING
from app.settings import Settings
from app.sites.days import asked
from app.sites.queries import left_out
from tests.app.sites.bodies import TODAY
from tests.support.seeding import CITY, COUNTY_A, TOWN_1


def test_looks_at_tenancies_are_gathered_once_by_index(own_engine: Engine, settings: Settings) -> None:
    values = {**asked(settings, TODAY - timedelta(days=30)), **EVERYTHING.params()}
    with transaction(own_engine) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # the small city fits on a page
        statement = text(f"EXPLAIN {left_out._COUNTS[False].text}")
        found = session.execute(statement, {**values, "path": f"{CITY}.{COUNTY_A}.{TOWN_1}"})
        plan = "\n".join(row[0] for row in found)
    assert re.findall(r"Seq Scan on \w+", plan) == [], plan
    assert len(re.findall(r" on visit_tenancy ", plan)) == 1, plan
    assert len(re.findall(r" on tenancy ", plan)) == 1, plan
