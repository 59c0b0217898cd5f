"""Omissions that features tell from their own records."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from app.baselines import service as baselines
from app.cases import service as cases
from app.determination.kinds import of_category
from app.determination.sources.asking import Asked, Source
from app.evidence import service as evidence
from app.leads import service as leads
from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings
from app.sites import service as sites
from app.territory import service as territory

Counting = Callable[[Session, Settings, Scope, str, date], list[OmittedCount]]


class Listing(Protocol):
    """What a feature's `omissions` is."""

    def __call__(
        self,
        session: Session,
        settings: Settings,
        scope: Scope,
        path: str,
        on: date,
        kinds: Collection[str] | None,
        limit: int,
        skip: int,
    ) -> list[Omitted]:
        """Some omissions of some kinds."""


def told_by(kinds: Collection[str], counting: Counting, listing: Listing) -> Source:
    """A feature's functions as a source."""

    def counts(asked: Asked) -> list[OmittedCount]:
        return counting(asked.session, asked.settings, asked.scope, asked.path, asked.on)

    def omissions(asked: Asked, wanted: Collection[str] | None, limit: int, skip: int) -> list[Omitted]:
        return listing(asked.session, asked.settings, asked.scope, asked.path, asked.on, wanted, limit, skip)

    return Source(tuple(kinds), counts, omissions)


SOURCES: tuple[Source, ...] = (
    told_by([*of_category("territory"), "exclusion_waiting"], territory.omission_counts, territory.omissions),
    told_by([*of_category("sites"), *of_category("tenancies")], sites.omission_counts, sites.omissions),
    told_by(["lead_unmatched", "lead_unplaced", "lead_overdue"], leads.omission_counts, leads.omissions),
    told_by(["baseline_unchecked"], baselines.omission_counts, baselines.omissions),
    told_by(of_category("cases"), cases.omission_counts, cases.omissions),
    told_by(
        ["finding_copied_track", "finding_photo_reused", "finding_unreviewed"],
        evidence.omission_counts,
        evidence.omissions,
    ),
)
