"""The orders that an officer's phone has."""

from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.dispatch.proving import key_of
from app.dispatch.queries import listing as queries
from app.dispatch.schemas import OfficerOrder
from app.dispatch.settling import settle
from app.dispatch.wording import SUBJECT_KINDS, task_of
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import SiteBrief

MOST_ORDERS = 200
# A phone shows where ground begins, not each cell of it.
TOLERANCE_DEG = 0.00005  # about five metres
DIGITS = 6


def of_officer(session: Session, settings: Settings, officer_code: str) -> list[OfficerOrder]:
    """An officer's open orders as the evidence has them now, the most urgent first."""
    today = settings.today()
    found = queries.of_officer(session, officer_code, today, MOST_ORDERS)
    if settle(session, settings, [row.id for row in found]):
        found = queries.of_officer(session, officer_code, today, MOST_ORDERS)
    where = _sites(session, found)
    return [_order(row, where.get(row.id)) for row in found]


def _order(row: Row[Any], site: SiteBrief | None) -> OfficerOrder:
    same = {name: value for name, value in row._asdict().items() if name in OfficerOrder.model_fields}
    return OfficerOrder(
        **same,
        subject_kind_text=SUBJECT_KINDS[row.subject_kind],
        task=task_of(row.subject_kind, row.omission),
        address=None if site is None else site.address,
        outline=None if row.area is None else _light(shapely.from_wkb(bytes(row.area))),
        site_id=None if site is None else site.id,
    )


def _sites(session: Session, found: Any) -> dict[Any, SiteBrief]:
    """The site of each order that is about one or about a tenant in one."""
    tenancies = sites.tenancy_brief(session, [UUID(key_of(row)) for row in found if row.subject_kind == "tenancy"])
    site_of = {f"tenancy:{each.id}": each.site_id for each in tenancies.values()}
    briefs = sites.site_brief(
        session, [*site_of.values(), *(UUID(key_of(row)) for row in found if row.subject_kind == "site")]
    )
    of_subject = {f"site:{site_id}": brief for site_id, brief in briefs.items()}
    of_subject |= {subject: briefs[site_id] for subject, site_id in site_of.items()}
    return {row.id: of_subject[row.subject] for row in found if row.subject in of_subject}


def _light(area: shapely.Geometry) -> dict[str, Any]:
    simple = shapely.transform(area.simplify(TOLERANCE_DEG), lambda lonlat: np.round(lonlat, DIGITS))
    return dict(shapely.geometry.mapping(simple))
