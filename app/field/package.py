"""The package: all that a phone needs to work a day without a network."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.field import sites
from app.field.schemas import ChecklistItem, Choice, Features, FieldGrid, FieldOfficer, Mode, Package, Rules
from app.leads.schemas import LEAD_KINDS
from app.marks.schemas import DECLARED_REASONS, INACCESSIBLE_REASONS
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import GridRow
from app.visits.schemas import NOT_ENTERED_REASONS
from app.visits.service import CHECKLISTS, ITEMS
from geo.tracks import MODE_RULES

NO_GRIDS = "您目前没有负责的网格。可以先记录巡查和上报；请联系村（社区）工作人员，在网格文件中登记后刷新。"


def package(session: Session, settings: Settings, officer_code: str) -> Package:
    """The package of an officer; without grids it says whom to ask."""
    now = settings.now()
    grids = territory.grids_in_charge(session, officer_code, now.date())
    codes = [grid.code for grid in grids]
    carried, blind_spots = coverage.carried(session, settings, codes, now.date())
    carried_sites, sites_total = sites.carried(session, settings, codes, now.date())
    return Package(
        server_time=now,
        today=now.date(),
        time_zone=settings.time_zone,
        utc_offset_s=settings.utc_offset_s(now),
        officer=FieldOfficer(
            code=officer_code, name=territory.officer_names(session, [officer_code]).get(officer_code)
        ),
        rules=_rules(),
        mark_reasons=_choices(DECLARED_REASONS),
        inaccessible_reasons=_choices(INACCESSIBLE_REASONS),
        lead_kinds=_choices(LEAD_KINDS),
        not_entered_reasons=_choices(NOT_ENTERED_REASONS),
        checklists={
            kind: [ChecklistItem(code=code, text=ITEMS[code]) for code in codes] for kind, codes in CHECKLISTS.items()
        },
        retention_days=settings.fix_retention_days,
        grids=_grids(session, settings, grids, carried, now.date()),
        blind_spots=Features(features=blind_spots),
        exclusions=Features(features=territory.exclusions_in(session, codes, now.date())),
        sites=carried_sites,
        sites_total=sites_total,
        message=None if grids else NO_GRIDS,
    )


def _rules() -> dict[Mode, Rules]:
    return {
        mode.value: Rules(
            half_width_m=rules.half_width_m,
            max_accuracy_m=rules.max_accuracy_m,
            max_gap_s=rules.max_gap_s,
            max_step_m=rules.max_step_m,
            max_speed_m_s=rules.max_speed_m_s,
        )
        for mode, rules in MODE_RULES.items()
    }


def _choices(names: Mapping[str, str]) -> list[Choice]:
    return [Choice(code=code, name=name) for code, name in names.items()]


def _grids(
    session: Session, settings: Settings, grids: list[GridRow], carried: dict[str, coverage.CarriedGrid], on: date
) -> list[FieldGrid]:
    outlines = territory.grid_outlines(session, [grid.code for grid in grids], on)
    return [
        FieldGrid(
            code=grid.code,
            name=grid.name,
            unit_code=grid.unit_code,
            unit_name=outlines[grid.code][0],
            risk=grid.risk,
            cycle_days=settings.cycle_days.of(grid.risk, grid.cycle_days),
            bbox=grid.bbox,
            geometry=outlines[grid.code][1],
            shares=carried[grid.code].shares,
            covered_percent=carried[grid.code].covered_percent,
            tiles=carried[grid.code].tiles,
        )
        for grid in grids
    ]
