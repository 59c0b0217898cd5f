"""The tenancies of a site as a tree, each with how it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.sites.days import DUE_DAYS
from app.sites.queries import tenancies
from app.sites.schemas import (
    ASPECTS,
    CHECK_RESULTS,
    OMISSIONS,
    STATES,
    SUBLETS,
    TENANCY_STATES,
    Omission,
    PreLeaseCheck,
    State,
    TenancyDetail,
)
from geo.daytiles import day_date


def of_site(session: Session, site_id: UUID, cycle_days: int, values: dict[str, Any]) -> list[TenancyDetail]:
    """All tenancies of a site, parents before children; ended ones too, after current ones of the same parent."""
    rows = tenancies.of_site(session, site_id, values)
    checks: dict[UUID, list[PreLeaseCheck]] = defaultdict(list)
    for check in tenancies.checks(session, site_id):
        checks[check.tenancy_id].append(_check(check))
    said: dict[UUID, list[Omission]] = defaultdict(list)
    for found in tenancies.left_out(session, [site_id], values):
        said[found.tenancy_id].append(omission(found))
    return [
        _detail(row, depth, look_of(row, cycle_days, values["day"]), said[row.id], checks[row.id])
        for row, depth in in_order(rows)
    ]


def omission(row: Row[Any]) -> Omission:
    """What is left out at a tenancy."""
    return Omission(
        kind=row.kind,
        text=OMISSIONS[row.kind],
        since=row.since,
        tenancy_id=row.tenancy_id,
        tenant_name=row.tenant_name,
    )


def in_order(rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], int]]:
    """Rows (id, parent_id, in the order of siblings) with their depth, each parent before its children."""
    known = {row.id for row in rows}
    below: dict[UUID | None, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    waiting = [(row, 0) for row in reversed(_current_first(below[None]))]
    while waiting:
        row, depth = waiting.pop()
        yield row, depth
        waiting += [(child, depth + 1) for child in reversed(_current_first(below[row.id]))]


def below(rows: Iterable[Any], tenancy_id: UUID) -> list[Any]:
    """The rows under a tenancy at any depth, parents first."""
    known = list(rows)
    found: list[Any] = []
    level = {tenancy_id}
    while level:
        children = [row for row in known if row.parent_id in level]
        found += children
        level = {row.id for row in children}
    return found


def _current_first(rows: list[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=lambda row: getattr(row, "ended_on", None) is not None)


def look_of(row: Row[Any], cycle_days: int, day: int) -> State | None:
    """How a tenancy stands by its own last look; None when it is not current."""
    if not row.is_current:
        return None
    if row.last_look is None:
        return "never"
    age = day - row.last_look
    if age >= cycle_days:
        return "overdue"
    return "due" if age + DUE_DAYS >= cycle_days else "checked"


def _detail(
    row: Row[Any], depth: int, look: State | None, said: list[Omission], checks: list[PreLeaseCheck]
) -> TenancyDetail:
    seen: date | None = None if row.last_look is None else day_date(row.last_look)
    return TenancyDetail(
        **{name: value for name, value in row._asdict().items() if name != "last_look"},
        depth=depth,
        sublets_text=SUBLETS[row.sublets],
        state_text=TENANCY_STATES[row.state],
        look=look,
        look_text=STATES.get(look or ""),
        last_seen_on=seen,
        omissions=said,
        checks=checks,
    )


def _check(row: Row[Any]) -> PreLeaseCheck:
    facts = {name: value for name, value in row._asdict().items() if name != "tenancy_id"}
    return PreLeaseCheck(**facts, aspect_text=ASPECTS[row.aspect], result_text=CHECK_RESULTS[row.result])
