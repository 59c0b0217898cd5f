"""Overdue orders climb: with each day that ends past the deadline the next level answers for it, up to the city."""

from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import transaction
from app.dispatch.queries import orders as queries
from app.dispatch.settling import note, settle_all
from app.settings import Settings

NEXT = {"village": "town", "town": "county", "county": "city"}


def run(engine: Engine, settings: Settings) -> int:
    """The job of each night: what was done in time is done first; then what is overdue climbs. How many did."""
    settle_all(engine, settings)
    with transaction(engine) as session:
        return climb(session, settings)


def climb(session: Session, settings: Settings) -> int:
    """Let overdue orders climb one level for each day that ended since they last did; how many did.

    Run twice on a day it does nothing the second time; nights without a server are made up for.
    """
    today = settings.today()
    climbed = 0
    for row in queries.overdue(session, today):
        reopened_on = date.min if row.reopened_at is None else row.reopened_at.astimezone(settings.zone).date()
        last = max(row.deadline, row.climbed_on or date.min, reopened_on)
        level = row.level
        for day in range((today - last).days):
            if level not in NEXT:
                break
            ended = last + timedelta(days=day)
            facts = {"from": level, "to": NEXT[level], "day": ended.isoformat()}
            note(session, settings, row.id, "climbed", None, facts)
            level = NEXT[level]
        if level != row.level:
            queries.climb(session, row.id, level, today)
            climbed += 1
    return climbed
