"""Cases as the official forms (F1-F4) count them."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID


class CaseForForms(NamedTuple):
    """One case with everything the forms ask. Money in 万元; `lon`, `lat`: WGS-84, None when not placed.

    `town_name`: 所在乡镇, None above the towns. `is_complete`: all five of 两断三清 of the current round with day and
    evidence. `is_finished`: closed or struck off now.
    """

    id: UUID
    number: str
    unit_code: str
    unit_name: str
    unit_path: str
    county_name: str | None
    town_name: str | None
    party_name: str
    party_uscc: str | None
    category: str
    chemical_kind: str | None
    address: str
    lon: float | None
    lat: float | None
    responsible_name: str | None
    responsible_phone: str | None
    stages: list[str]
    chemicals: list[dict[str, Any]]  # [{"name", "amount", "unit"}]
    description: str
    measures: str | None
    way_to_close: str | None
    is_shut: bool
    is_suspended: bool
    is_dismantled: bool
    found_on: date
    deadline: date
    state: str
    closed_on: date | None
    is_finished: bool
    is_complete: bool
    relapses: int
    filed_on: date | None
    fine_wan: Decimal
    fined_on: date | None
    confiscated_wan: Decimal
    confiscated_on: date | None
    transferred_persons: int
    transferred_on: date | None
    detained_persons: int
    disciplined_persons: int
    supervised_level: str | None
    handler_name: str | None
    handler_phone: str | None
