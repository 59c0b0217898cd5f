"""What goes out of cases. Places are WGS-84; money in 万元."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, PlainSerializer

from app.cases.schemas.codes import EventKind, Item, Omission, State

Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class PlaceName(BaseModel):
    """A unit by name."""

    code: str
    name: str


class Choices(BaseModel):
    """What may be chosen, code -> text, for pages."""

    categories: dict[str, str]
    chemical_kinds: dict[str, str]
    stages: dict[str, str]
    ways: dict[str, str]
    states: dict[str, str]
    items: dict[str, str]
    relations: dict[str, str]
    levels: dict[str, str]
    omissions: dict[str, str]


class CaseRow(BaseModel):
    """A case in a list. `days_left`: to the deadline, negative past it, null when finished."""

    id: UUID
    number: str
    party_name: str
    category: str
    category_text: str
    unit: PlaceName
    address: str
    lon: float | None
    lat: float | None
    found_on: date
    deadline: date
    days_left: int | None
    state: State
    state_text: str
    closed_on: date | None
    supervised_level: str | None
    handler_name: str | None
    relapses: int
    omissions: list[Omission]


class Counts(BaseModel):
    """How many cases there are of what was asked for, whatever their state, category and omissions."""

    all: int
    states: dict[str, int]
    categories: dict[str, int]
    omissions: dict[str, int]
    supervised: int


class Cases(BaseModel):
    """A page of cases. `bounds`: west, south, east, north of all that match; null when none has a place."""

    total: int
    counts: Counts
    bounds: tuple[float, float, float, float] | None
    items: list[CaseRow]
    choices: Choices


class Event(BaseModel):
    """A step or a change. `changes`: field -> [old, new]; `on_day`: when it happened, `at`: when it was written."""

    id: int
    kind: EventKind
    kind_name: str
    from_state: State | None
    to_state: State
    on_day: date
    changes: dict[str, Any]
    words: str | None
    by_name: str
    at: datetime


class Attachment(BaseModel):
    """An original. `url`: where it is; `proves`: items of this round that it is evidence of."""

    id: UUID
    file_name: str
    media_type: str
    sha256: str
    byte_count: int
    what: str
    taken_on: date | None
    withdrawn_why: str | None
    added_at: datetime
    added_by: str
    url: str
    proves: list[Item]


class ClosureItem(BaseModel):
    """One of 两断三清 in the current round. `missing`: "date", "evidence"; empty when it is proved."""

    item: Item
    name: str
    done_on: date | None
    words: str | None
    recorded_by: str | None
    attachment_ids: list[UUID]
    missing: list[str]


class LookBack(BaseModel):
    """A look back. `may_from`: the first day on which it may be done; `is_missed`: it should have been done."""

    id: UUID
    round: int
    due_on: date
    may_from: date
    done_on: date | None
    result: str | None
    words: str | None
    by_name: str | None
    visit_id: UUID | None
    is_missed: bool


class OtherCase(BaseModel):
    """A case at the other end. Outside of the reader's scope its number and county are told, and nothing else."""

    number: str
    county_name: str | None
    in_scope: bool
    id: UUID | None = None
    party_name: str | None = None
    state: State | None = None
    category: str | None = None


class Link(BaseModel):
    """A link as this case sees it: `relation` is what the other is to it."""

    id: UUID
    relation: str
    relation_name: str
    other_case: OtherCase | None = None
    other_name: str | None = None
    other_uscc: str | None = None
    other_address: str | None = None
    lon: float | None = None
    lat: float | None = None
    words: str | None = None
    added_by: str | None = None
    may_remove: bool


class GraphNode(BaseModel):
    """A party of the chain. `column`: suppliers negative, buyers positive; `row`: landlords negative, 0 the case."""

    key: str
    name: str
    note: str
    case_id: UUID | None
    state: State | None
    column: int
    row: int
    hop: int
    lon: float | None
    lat: float | None


class GraphEdge(BaseModel):
    """Goods go, or space is let, from one party to another."""

    source: str
    target: str
    text: str


class Graph(BaseModel):
    """The chain up to two hops; `left_out`: parties beyond what can be drawn."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    left_out: int


class Source(BaseModel):
    """A site, tenancy, lead or visit that a case comes from."""

    kind: str
    id: UUID
    text: str


class VisitPhoto(BaseModel):
    """A photo of the linked visit."""

    id: UUID
    url: str
    taken_at: datetime


class NextStep(BaseModel):
    """Something that can be done next. `needs`: what is missing before it is allowed; empty: it is."""

    step: str
    name: str
    needs: list[str]


class CaseDetail(CaseRow):
    """The whole file."""

    version: int
    party_uscc: str | None
    chemical_kind: str | None
    grid_code: str | None
    source_datum: str | None
    responsible_name: str | None
    responsible_phone: str | None
    stages: list[str]
    chemicals: list[dict[str, Any]]
    description: str
    measures: str | None
    way_to_close: str | None
    is_shut: bool
    is_suspended: bool
    is_dismantled: bool
    handler_phone: str | None
    supervised_on: date | None
    filed_on: date | None
    fine_wan: Money
    fined_on: date | None
    confiscated_wan: Money
    confiscated_on: date | None
    transferred_persons: int
    transferred_on: date | None
    detained_persons: int
    disciplined_persons: int
    created_at: datetime
    created_by: str
    place_names: list[str]
    sources: list[Source]
    closure: list[ClosureItem]
    look_backs: list[LookBack]
    attachments: list[Attachment]
    visit_photos: list[VisitPhoto]
    links: list[Link]
    graph: Graph
    events: list[Event]
    next_steps: list[NextStep]
    may_manage: bool
    choices: Choices
    fields: dict[str, str]


class Draft(BaseModel):
    """What is known beforehand of a case from where it comes; null: nothing."""

    party_name: str | None = None
    party_uscc: str | None = None
    address: str | None = None
    unit: PlaceName | None = None
    lon: float | None = None
    lat: float | None = None
    description: str | None = None
    site_id: UUID | None = None
    tenancy_id: UUID | None = None
    lead_id: UUID | None = None
    visit_id: UUID | None = None
    sources: list[Source]
    deadline: date
    choices: Choices
