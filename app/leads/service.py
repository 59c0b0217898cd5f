"""What leads do, for routes and other features."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.leads import entries, listing
from app.leads.answering import Answered, answered
from app.leads.left_out import omission_counts, omissions
from app.leads.listing import Filters
from app.leads.power_import import import_power
from app.leads.queries import leads as queries
from app.leads.reporters import reporter
from app.leads.reports import Accepted, accept
from app.leads.schemas import EntryIn, LeadDetail, LeadRow, Leads
from app.leads.steps import step
from app.leads.vehicle_import import Trace, import_vehicle
from app.leads.wording import what_text
from app.scope import Scope
from app.settings import Settings

__all__ = [
    "Accepted",
    "Answered",
    "Filters",
    "Trace",
    "accept",
    "answered",
    "assigned",
    "briefs",
    "counts",
    "counts_by_state",
    "create",
    "detail",
    "import_power",
    "import_vehicle",
    "lead_brief",
    "omission_counts",
    "omissions",
    "page",
    "reporter",
    "step",
    "tile",
]
_MOST_ASSIGNED = 200


class Brief(NamedTuple):
    """A lead in a list of one's own."""

    what_text: str
    state: str


class LeadBrief(NamedTuple):
    """A lead as other features name it; lon and lat (WGS-84) are None while nobody has placed it."""

    id: UUID
    state: str
    source: str
    number: str | None
    lon: float | None
    lat: float | None
    unit_path: str | None


def create(session: Session, settings: Settings, actor: Actor, entry: EntryIn) -> tuple[LeadDetail, bool]:
    """Enter what came to a desk; the lead, and whether it was stored before. Raises as `app.leads.entries.create`."""
    is_new = entries.create(session, settings, actor, entry)
    return detail(session, settings, actor, entry.id), not is_new


def page(session: Session, settings: Settings, actor: Actor, wanted: Filters, limit: int, skip: int) -> Leads:
    """Leads of the actor's scope, newest first."""
    return listing.page(session, actor.scope, wanted, settings.today(), limit, skip)


def detail(session: Session, settings: Settings, actor: Actor, lead_id: UUID) -> LeadDetail:
    """A lead with its photos and steps. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    return listing.detail(session, actor, lead_id, settings.today())


def tile(session: Session, settings: Settings, actor: Actor, wanted: Filters, z: int, x: int, y: int) -> bytes:
    """A vector tile of placed leads. Raises InvalidInputError for an address that does not exist."""
    return listing.tile(session, actor.scope, wanted, settings.today(), z, x, y)


def briefs(session: Session, ids: Iterable[UUID]) -> dict[UUID, Brief]:
    """Those of the leads that exist, for a list."""
    rows = queries.brief(session, list(ids))
    return {lead_id: Brief(what_text(row.what), row.state) for lead_id, row in rows.items()}


def lead_brief(session: Session, ids: Iterable[UUID]) -> dict[UUID, LeadBrief]:
    """Those of the leads that exist."""
    return {row.id: LeadBrief._make(row) for row in queries.lead_brief(session, list(ids))}


def counts(session: Session, settings: Settings, scope: Scope) -> tuple[dict[str, int], dict[str, int]]:
    """How many leads of a scope stand in each state, and how many are left out how; everything has an entry."""
    return listing.counts(session, scope, settings.today())


def counts_by_state(session: Session, settings: Settings, scope: Scope) -> dict[str, int]:
    """How many leads of a scope stand in each state; every state has an entry."""
    return listing.counts_by_state(session, scope, settings.today())


def assigned(session: Session, settings: Settings, officer_code: str) -> list[LeadRow]:
    """Leads that an officer is to look at, the most urgent first."""
    today = settings.today()
    return listing.rows(session, queries.assigned(session, officer_code, today, _MOST_ASSIGNED), today)
