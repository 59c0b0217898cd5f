"""Load what must be looked into, through the services: sites, visits, leads, lists, cases. Repeats change nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import PhotoStated
from app.settings import Settings
from app.sites import letting
from app.sites import service as sites_service
from app.sites.schemas import CheckIn, SiteIn, TenancyIn
from app.visits.accepting import accept
from app.visits.schemas import VisitIn
from demo.by_hand import photo
from demo.cases import STORIES, chain, load_cases
from demo.leads import load_leads
from demo.lists import load_lists
from demo.plan import OnStep, Plan, nobody_watches
from demo.sites import DemoSite
from demo.state import BUILDER
from demo.visiting import visits
from demo.whole import whole_sites


def load_looked_into(
    engine: Engine, settings: Settings, plan: Plan, known: Sequence[DemoSite], on_step: OnStep = nobody_watches
) -> None:
    """All of it around some sites of the plan, in the order in which one needs another."""
    in_order = whole_sites(plan)  # no story is told of them
    walks = list(visits(plan, [*known, *in_order], settings.cycle_days.of))
    total = len(known) + len(in_order) + len(walks) + len(STORIES) + 2
    done = 0
    for site in [*known, *in_order]:
        _site(engine, settings, site)
        on_step(done := done + 1, total)
    for body in walks:
        with transaction(engine) as session:
            _visit(session, settings, VisitIn.model_validate(body))
        on_step(done := done + 1, total)
    with transaction(engine) as session:
        load_leads(session, settings, plan, known)
    on_step(done := done + 1, total)
    load_lists(engine, settings, plan, known)
    on_step(done := done + 1, total)
    for number in range(len(STORIES)):
        with transaction(engine) as session:
            load_cases(session, settings, plan, known, number)
        on_step(done := done + 1, total)
    with transaction(engine) as session:
        chain(session, settings)


def _site(engine: Engine, settings: Settings, site: DemoSite) -> None:
    """A site with its tenancies and their checks, all or nothing."""
    with transaction(engine) as session:
        sites_service.create_site(session, settings, BUILDER, SiteIn.model_validate(site.body))
        for body in site.tenancies:
            sites_service.add_tenancy(session, settings, BUILDER, UUID(site.body["id"]), TenancyIn.model_validate(body))
        for tenancy_id, checks in site.checks.items():
            for check in checks:
                letting.add_check(session, settings, BUILDER, UUID(tenancy_id), CheckIn.model_validate(check))


def _visit(session: Session, settings: Settings, visit: VisitIn) -> None:
    for photo_id in visit.photo_ids:
        place = (visit.position.lon, visit.position.lat) if visit.position else (None, None)
        stated = PhotoStated(visit.officer_code, visit.visited_at, *place)
        evidence.accept_photo(session, settings, BUILDER, photo_id, stated, photo(photo_id.int % 2**31))
    accept(session, settings, BUILDER, visit)
