"""What comes in and goes out of baselines, with the Chinese of their codes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.words import Words

Kind = Literal["market_register", "power_users", "shut_down", "dust", "tax", "other"]
RowState = Literal["unmatched", "doubtful", "matched", "absent"]
ListState = Literal["waiting", "matching", "ready", "failed"]
Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]

KINDS: dict[str, str] = {
    "market_register": "市场主体名录",
    "power_users": "用电户名单",
    "shut_down": "关闭停产企业名单",
    "dust": "粉尘涉爆企业名单",
    "tax": "纳税户名单",
    "other": "其他名单",
}
ROW_STATES: dict[str, str] = {
    "unmatched": "未匹配",
    "doubtful": "待确认",
    "matched": "已匹配",
    "absent": "查无此企业",
}
LIST_STATES: dict[str, str] = {
    "waiting": "等待匹配",
    "matching": "正在匹配",
    "ready": "已完成匹配",
    "failed": "匹配未完成",
}
FIELDS: dict[str, str] = {
    "name": "名称",
    "uscc": "统一社会信用代码",
    "address": "地址",
    "contact": "联系方式",
    "unit": "所属区划",
    "lon": "经度",
    "lat": "纬度",
}
REQUIRED = ("name",)
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        *("企业名称", "单位名称", "市场主体名称", "主体名称", "用户名称", "用电户名称", "用电户名", "户名"),
        *("纳税人名称", "商户名称", "字号名称", "公司名称", "厂名", "名称", "企业", "客户名称"),
    ),
    "uscc": (
        *("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "纳税人识别号", "统一代码"),
        *("统一社会信用代码/注册号", "注册号", "uscc"),
    ),
    "address": (
        *("生产经营地址", "生产经营场所", "实际经营地址", "经营场所", "经营地址", "生产地址", "用电地址", "厂址"),
        *("企业地址", "单位地址", "详细地址", "所在地", "住所", "注册地址", "通讯地址", "地址"),
    ),
    "contact": ("联系电话", "联系方式", "手机号码", "手机", "电话", "法人电话", "联系人电话", "联系人"),
    "unit": (
        *("所属村社区", "所属村", "所在村", "村社区", "村居", "所属社区", "所属镇街", "所属镇", "所在镇", "镇街"),
        *("镇街道", "乡镇街道", "乡镇", "街道", "所属区划代码", "行政区划代码", "区划代码", "所属区划", "属地"),
    ),
    "lon": ("经度", "lon", "lng", "longitude", "x坐标", "x"),
    "lat": ("纬度", "lat", "latitude", "y坐标", "y"),
}


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Note = Annotated[Words | None, BeforeValidator(_blank_is_none)]


class Preview(BaseModel):
    """What a file holds, before anything is kept of it; `sample`: its first rows."""

    file_name: str
    encoding: str | None
    sheet: str | None
    other_sheets: list[str]
    header_row: int
    header_rows: int
    columns: list[str]
    mapping: dict[str, str]
    fields: dict[str, str]
    required: list[str]
    row_count: int
    sample: list[list[str]]
    sample_row_numbers: list[int]


class Problem(BaseModel):
    """What is wrong with a row of the file, by its number in it."""

    row: int
    what: str


class Report(BaseModel):
    """What became of the rows of a file: read = kept + identical + skipped. Long lists are cut; the counts are not."""

    read: int
    kept: int
    identical: int = 0
    identical_rows: list[int] = []
    skipped: int = 0
    skipped_rows: list[Problem] = []
    repeated: int = 0
    bad_codes: int = 0
    without_code: int = 0
    unplaced: int = 0
    bad_places: int = 0
    with_findings: int = 0
    problems: list[Problem] = []


class Figures(BaseModel):
    """Rows of a list that one may see. `checked`: matched with a site or tenancy that is checked, or absent.

    `check_rate_percent`: checked of all rows, floored; None without rows.
    """

    rows: int
    matched: int
    doubtful: int
    unmatched: int
    absent: int
    matched_checked: int
    checked: int
    check_rate_percent: int | None
    placed: int


class Progress(BaseModel):
    """How far matching is: rows done of all."""

    done: int
    total: int


class ListRow(BaseModel):
    """A list. `is_part`: one sees only some of its rows."""

    id: UUID
    name: str
    kind: Kind
    kind_text: str
    department: str
    as_of: date
    unit_code: str
    unit_name: str
    state: ListState
    state_text: str
    failure: str | None
    progress: Progress
    matched_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_why: str | None
    created_at: datetime
    created_by: str
    is_part: bool
    is_mine: bool
    figures: Figures


class Lists(BaseModel):
    """Lists, newest first; the sums count those that are not withdrawn."""

    on: date
    total: int
    items: list[ListRow]
    kinds: dict[str, str]


class Event(BaseModel):
    """Something that people did."""

    kind: str
    words: str | None
    by_name: str
    at: datetime
    from_state: str | None
    to_state: str | None


class ListDetail(ListRow):
    """A list with how it came in. `report` is the whole file's: None for who sees only a part."""

    file_name: str
    encoding: str | None
    mapping: dict[str, str]
    datum: str | None
    report: Report | None
    events: list[Event]
    on: date
    bounds: tuple[float, float, float, float] | None


class Target(BaseModel):
    """What a row is matched with: a site, or a tenancy in it; `name` as it is known there."""

    site_id: UUID
    site_code: str
    site_name: str
    site_kind: str
    site_address: str | None
    tenancy_id: UUID | None
    tenant_name: str | None
    tenant_uscc: str | None
    lon: float | None
    lat: float | None
    state: str | None
    state_text: str | None


class CandidateOut(BaseModel):
    """What a doubtful row may be. `target`: None when it lies outside of what one may see."""

    rank: int
    score: float
    reasons: list[str]
    target: Target | None


class RowOut(BaseModel):
    """A row of a list with what became of it."""

    id: int
    row_number: int
    name: str | None
    uscc: str | None
    uscc_valid: bool
    address: str | None
    contact: str | None
    lon: float | None
    lat: float | None
    unit_code: str | None
    unit_name: str | None
    extra: dict[str, str]
    findings: list[str]
    state: RowState
    state_text: str
    is_checked: bool
    score: float | None
    reasons: list[str]
    target: Target | None
    candidates: list[CandidateOut]
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str | None
    visited_on: date | None


class RowDetail(RowOut):
    """A row with what people did to it, newest first."""

    events: list[Event]


class Rows(BaseModel):
    """A page of rows by their number in the file, and how many there are in all."""

    total: int
    items: list[RowOut]


class DecisionIn(BaseModel):
    """What a person says a row is. `seen`: the state they decided on, refused when it is another by now."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["matched", "unmatched", "absent"]
    site_id: UUID | None = None
    tenancy_id: UUID | None = None
    why: Note = None
    visited_on: date | None = None
    seen: RowState | None = None


class Why(BaseModel):
    """Words to a withdrawal."""

    model_config = ConfigDict(extra="forbid")

    why: Words


class ListIn(BaseModel):
    """The fields beside the file of POST /api/baselines."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: Annotated[str, Field(min_length=1, max_length=100)]
    kind: Kind
    department: Annotated[str, Field(min_length=1, max_length=100)]
    as_of: date
    unit_code: Annotated[str, Field(min_length=1, max_length=64)]
    mapping: Annotated[dict[str, str], Field(max_length=20)]
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    header_rows: Annotated[int, Field(ge=1, le=3)] | None = None
    sheet: Annotated[str, Field(max_length=100)] | None = None
    datum: Datum | None = None


@dataclass(frozen=True, slots=True)
class RowStand:
    """A row of a list. `place`: its own or its site's, WGS-84; `is_checked` as the list's figures count it today."""

    id: int
    baseline_id: UUID
    list_name: str
    row_number: int
    name: str | None
    unit_path: str
    grid_code: str | None
    lon: float | None
    lat: float | None
    state: str
    site_id: UUID | None
    tenancy_id: UUID | None
    decided_at: datetime | None
    visited_on: date | None
    is_withdrawn: bool
    is_checked: bool
