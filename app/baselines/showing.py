"""Rows and lists as they are shown: with names for codes, and nothing of what lies beyond the reader's scope."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.baselines.queries import rows as queries
from app.baselines.schemas import (
    KINDS,
    LIST_STATES,
    ROW_STATES,
    CandidateOut,
    Figures,
    ListRow,
    Progress,
    RowOut,
    Target,
)
from app.scope import Scope
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import STATES
from app.territory import service as territory


def row_list(session: Session, scope: Scope, rows: Sequence[Row[Any]], figures: dict[UUID, Figures]) -> list[ListRow]:
    """Lists with their figures."""
    units = territory.units_by_code(session, {row.unit_code for row in rows})
    return [
        ListRow(
            **_same(row, "id name kind department as_of unit_code state failure matched_at withdrawn_at withdrawn_why"),
            **_same(row, "created_at created_by withdrawn_by is_mine"),
            kind_text=KINDS[row.kind],
            unit_name=units[row.unit_code].name if row.unit_code in units else row.unit_code,
            state_text=LIST_STATES[row.state],
            progress=Progress(done=row.stage_done, total=row.stage_total),
            is_part=not scope.holds_unit(row.unit_path),
            figures=figures[row.id],
        )
        for row in rows
    ]


def _same(row: Row[Any], names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}


class Shown:
    """What rows name, read once for all of them."""

    def __init__(self, session: Session, settings: Settings, scope: Scope, rows: Sequence[Row[Any]], on: date) -> None:
        self._scope = scope
        doubtful = [row.id for row in rows if row.state == "doubtful"]
        self._candidates = queries.candidates(session, doubtful)
        named = [*rows, *(each for some in self._candidates.values() for each in some)]
        site_ids = {each.site_id for each in named if each.site_id}
        self._sites = sites.site_brief(session, site_ids)
        self._tenancies = sites.tenancy_brief(session, {each.tenancy_id for each in named if each.tenancy_id})
        self._states = sites.states(session, settings, site_ids, on)
        self._units = _units(session, {row.unit_path for row in rows})

    def row(self, row: Row[Any]) -> RowOut:
        """A row as it is shown."""
        unit_code, unit_name = self._units.get(row.unit_path, (None, None))
        return RowOut(
            **_same(row, "id row_number name uscc uscc_valid address contact lon lat extra findings state is_checked"),
            **_same(row, "score reasons decided_by decided_at decided_why visited_on"),
            unit_code=unit_code,
            unit_name=unit_name,
            state_text=ROW_STATES[row.state],
            target=self._target(row.site_id, row.tenancy_id) if row.site_id else None,
            candidates=[
                CandidateOut(
                    rank=each.rank,
                    score=each.score,
                    reasons=each.reasons,
                    target=self._target(each.site_id, each.tenancy_id),
                )
                for each in self._candidates.get(row.id, [])
            ],
        )

    def _target(self, site_id: UUID, tenancy_id: UUID | None) -> Target | None:
        """What a row is matched with; None beyond the scope."""
        site = self._sites[site_id]
        if not self._scope.holds_unit(site.unit_path) and site.grid_code not in self._scope.grid_codes:
            return None
        tenancy = self._tenancies.get(tenancy_id) if tenancy_id else None
        state = self._states.get(site_id)
        return Target(
            site_id=site.id,
            site_code=site.code,
            site_name=site.name,
            site_kind=site.kind,
            site_address=site.address,
            tenancy_id=tenancy_id,
            tenant_name=tenancy.tenant_name if tenancy else None,
            tenant_uscc=tenancy.uscc if tenancy else None,
            lon=site.lon,
            lat=site.lat,
            state="removed" if site.is_removed else state.state if state else None,
            state_text="场所已移出" if site.is_removed else STATES[state.state] if state else None,
        )


def _units(session: Session, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    return {unit.path: (unit.code, unit.name) for unit in territory.units_by_paths(session, list(paths))}
