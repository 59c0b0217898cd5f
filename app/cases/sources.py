"""Where cases come from: sites, tenancies, leads, visits; and what is known of a case from them."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.listing import CHOICES
from app.cases.schemas.outputs import Draft, PlaceName, Source
from app.errors import InvalidInputError, NotFoundError
from app.leads import service as leads
from app.settings import Settings
from app.sites import service as sites
from app.territory import service as territory
from app.visits import service as visits

DEFAULT_DAYS = 30  # to the deadline, unless somebody says otherwise


@dataclass(frozen=True)
class Origin:
    """The records that a case comes from, those that were named."""

    site_id: UUID | None = None
    tenancy_id: UUID | None = None
    lead_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass
class Known:
    """What they tell. Place: WGS-84. `unit_code`: of the smallest unit known."""

    origin: Origin
    party_name: str | None = None
    party_uscc: str | None = None
    address: str | None = None
    unit_code: str | None = None
    place: tuple[float, float] | None = None
    description: str | None = None
    sources: list[Source] = field(default_factory=list)


def known_of(session: Session, actor: Actor, origin: Origin) -> Known:
    """What the records tell, the site and tenancy of a visit or of a lead's site included.

    Raises NotFoundError for a record that is not there, ForbiddenError for one outside the scope, InvalidInputError for
    a tenancy or visit of another site.
    """
    lead = _lead(session, actor, origin.lead_id)
    visit = None if origin.visit_id is None else visits.brief(session, [origin.visit_id]).get(origin.visit_id)
    if origin.visit_id is not None and visit is None:
        raise NotFoundError(f"没有编号为 {origin.visit_id} 的检查走访。", id=str(origin.visit_id))
    tenancy = None
    if origin.tenancy_id is not None:
        tenancy = sites.tenancy_brief(session, [origin.tenancy_id]).get(origin.tenancy_id)
        if tenancy is None:
            raise NotFoundError(f"没有编号为 {origin.tenancy_id} 的租户。", id=str(origin.tenancy_id))
    site_id = next((each.site_id for each in (origin, tenancy, visit) if each is not None and each.site_id), None)
    if any(record is not None and record.site_id != site_id for record in (tenancy, visit)):
        raise InvalidInputError("租户或检查走访不属于所选场所，未保存。请重新选择。", problem="site")
    known = Known(Origin(site_id, origin.tenancy_id, origin.lead_id, origin.visit_id))
    if site_id is not None:
        _add_site(known, sites.site_in_scope(session, actor.scope, site_id))
    if tenancy is not None:
        known.party_name, known.party_uscc = tenancy.tenant_name, tenancy.uscc
        known.sources.append(Source(kind="tenancy", id=tenancy.id, text=tenancy.tenant_name))
    if lead is not None:
        _add_lead(session, known, lead)
    if visit is not None:
        known.description = known.description or visit.note
        text = f"{visit.day} {visit.result_text}"
        known.sources.append(Source(kind="visit", id=visit.id, text=text))
    return known


def sources_of(session: Session, case: Row[Any]) -> list[Source]:
    """The records that a stored case comes from, by name; one that is gone is left out."""
    found = []
    if case.site_id is not None and (site := sites.site_brief(session, [case.site_id]).get(case.site_id)):
        found.append(Source(kind="site", id=site.id, text=f"{site.code} {site.name}"))
    if case.tenancy_id and (tenancy := sites.tenancy_brief(session, [case.tenancy_id]).get(case.tenancy_id)):
        found.append(Source(kind="tenancy", id=tenancy.id, text=tenancy.tenant_name))
    if case.lead_id is not None and (lead := leads.lead_brief(session, [case.lead_id]).get(case.lead_id)):
        found.append(Source(kind="lead", id=lead.id, text=lead.number or str(lead.id)[:8]))
    if case.visit_id is not None and (visit := visits.brief(session, [case.visit_id]).get(case.visit_id)):
        found.append(Source(kind="visit", id=visit.id, text=f"{visit.day} {visit.result_text}"))
    return found


def draft(session: Session, settings: Settings, actor: Actor, origin: Origin) -> Draft:
    """What is known beforehand of a case that comes from some records, in the actor's scope.

    Raises as `known_of` does.
    """
    known = known_of(session, actor, origin)
    unit = None if known.unit_code is None else territory.unit_or_404(session, known.unit_code)
    lon, lat = known.place or (None, None)
    return Draft(
        party_name=known.party_name,
        party_uscc=known.party_uscc,
        address=known.address,
        unit=None if unit is None else PlaceName(code=unit.code, name=unit.name),
        lon=lon,
        lat=lat,
        description=known.description,
        sources=known.sources,
        **asdict(known.origin),
        deadline=settings.today() + timedelta(days=DEFAULT_DAYS),
        choices=CHOICES,
    )


def _lead(session: Session, actor: Actor, lead_id: UUID | None) -> Any:
    if lead_id is None:
        return None
    lead = leads.lead_brief(session, [lead_id]).get(lead_id)
    if lead is None:
        raise NotFoundError(f"没有编号为 {lead_id} 的线索。", id=str(lead_id))
    if lead.unit_path is None or not actor.scope.holds_unit(lead.unit_path):
        actor.scope.check_unit(str(lead_id), lead.unit_path or "")
    return lead


def _add_site(known: Known, site: Any) -> None:
    known.party_name, known.address = site.name, site.address
    known.unit_code = site.unit_code or site.stated_unit_code
    known.place = None if site.lon is None else (site.lon, site.lat)
    known.sources.append(Source(kind="site", id=site.id, text=f"{site.code} {site.name}"))


def _add_lead(session: Session, known: Known, lead: Any) -> None:
    if known.place is None and lead.lon is not None:
        known.place = (lead.lon, lead.lat)
    if known.unit_code is None:
        unit = next(iter(territory.units_by_paths(session, [lead.unit_path])), None)
        known.unit_code = None if unit is None else unit.code
    known.sources.append(Source(kind="lead", id=lead.id, text=lead.number or str(lead.id)[:8]))
