"""How lists stand: how many rows, and how many of them somebody has looked into.

A row is checked when it is matched and its site (or its tenant, when it is matched with one) is checked on that day, or
when somebody looked on the ground and there is no such firm. The denominator is every row.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.baselines.queries import lists
from app.baselines.schemas import Figures
from app.scope import Scope
from app.settings import Settings
from app.sites import service as sites
from geo.daytiles import day_number

# A site that is soon due is still checked.
CHECKED_STATES = frozenset({"checked", "due"})
NONE = Figures(
    rows=0,
    matched=0,
    doubtful=0,
    unmatched=0,
    absent=0,
    matched_checked=0,
    checked=0,
    check_rate_percent=None,
    placed=0,
)


def checked(session: Session, settings: Settings, scope: Scope, ids: Sequence[UUID], on: date) -> dict[str, Any]:
    """The sites and tenancies that rows of lists are matched with and that are checked on a day, as statements take
    them."""
    site_ids, tenancy_ids = lists.targets(session, scope, ids, on)
    tenancies = sites.tenancy_brief(session, tenancy_ids)
    states = sites.states(session, settings, site_ids | {each.site_id for each in tenancies.values()}, on)
    looks = sites.seen_tenancies(session, tenancy_ids, on)
    day = day_number(on)
    return {
        "checked_sites": [each for each in site_ids if each in states and states[each].state in CHECKED_STATES],
        "checked_tenancies": [
            each
            for each, tenancy in tenancies.items()
            if each in looks and day - looks[each] < states[tenancy.site_id].cycle_days
        ],
    }


def of_lists(session: Session, scope: Scope, ids: Sequence[UUID], known: dict[str, Any]) -> dict[UUID, Figures]:
    """Figures of each list's rows in a scope; `known`: what `checked` said."""
    found = lists.figures(session, scope, ids, known)
    return {each: _figures(found[each]) if each in found else NONE for each in ids}


def _figures(row: Row[Any]) -> Figures:
    counts = row._asdict()
    counts.pop("id")
    return Figures(**counts, check_rate_percent=100 * row.checked // row.rows if row.rows else None)
