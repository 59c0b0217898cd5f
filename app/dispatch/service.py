"""What the edges and other features ask of dispatch."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.dispatch import carried, creating, listing, steps
from app.dispatch.climbing import run as climb
from app.dispatch.listing import Filters
from app.dispatch.schemas import Counts, Draft, OfficerOrder, OrderDetail, OrderIn, Orders, StepIn, SubjectIn
from app.dispatch.settling import settle_all
from app.dispatch.telling import digest_lines
from app.scope import Scope
from app.settings import Settings

__all__ = [
    "Filters",
    "climb",
    "counts",
    "create",
    "detail",
    "digest_lines",
    "draft",
    "of_officer",
    "page",
    "seen",
    "settle_all",
    "step",
]


def draft(session: Session, settings: Settings, actor: Actor, given: SubjectIn) -> Draft:
    """What an order about something would be. Raises as `create`."""
    return creating.draft(session, settings, actor, given)


def create(session: Session, settings: Settings, actor: Actor, order: OrderIn) -> tuple[OrderDetail, bool]:
    """Send somebody; the order, and whether it was stored before. Raises as `app.dispatch.creating.create`."""
    is_new = creating.create(session, settings, actor, order)
    return detail(session, settings, actor, order.id), not is_new


def page(session: Session, settings: Settings, actor: Actor, wanted: Filters, limit: int, skip: int) -> Orders:
    """Orders of the actor's scope. Raises NotFoundError or ForbiddenError for the unit."""
    return listing.page(session, settings, actor.scope, wanted, limit, skip)


def detail(session: Session, settings: Settings, actor: Actor, order_id: UUID) -> OrderDetail:
    """An order with its events. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    return listing.detail(session, settings, actor.scope, order_id)


def step(session: Session, settings: Settings, actor: Actor, order_id: UUID, taken: StepIn) -> OrderDetail:
    """Take a step; the order after it. Raises as `app.dispatch.steps.step`."""
    steps.step(session, settings, actor, order_id, taken)
    return detail(session, settings, actor, order_id)


def counts(session: Session, settings: Settings, scope: Scope, path: str | None = None) -> Counts:
    """How many orders of a scope, at or below a unit (ltree path; None: all), stand how."""
    return listing.counts(session, settings, scope, path)


def of_officer(session: Session, settings: Settings, officer_code: str) -> list[OfficerOrder]:
    """An officer's open orders, the most urgent first."""
    return carried.of_officer(session, settings, officer_code)


def seen(session: Session, settings: Settings, actor: Actor, officer_code: str, order_id: UUID) -> None:
    """An officer saw an order; told once. Raises NotFoundError, or ForbiddenError for another's."""
    steps.seen(session, settings, actor, officer_code, order_id)
