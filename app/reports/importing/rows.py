"""A row of such a list as a case, with all that is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from app.cases.schemas import CaseIn
from app.cases.schemas.codes import FIELDS as CASE_FIELDS
from app.reports.cases import Area
from app.reports.forms.f1 import TICKED
from app.reports.importing import cells
from app.reports.importing.places import unit_of
from app.reports.schemas import ListedForm

Told = TypeVar("Told")
# What stands below the table in these forms.
_END = re.compile(
    r"^(合\s*计|总\s*计|填报人|分管负责人|主要负责人（签名）|主要负责人\(签名\)|统计口径|注\s*[:：]|备注\s*[:：])"
)
_BY_IMPORT = "导入"


class Stated(NamedTuple):
    """What the person who imports says for rows that do not: the list's day, the deadline of what is not done yet."""

    form: ListedForm
    unit: Area
    as_of: date
    deadline: date
    chemical_kind: str | None


@dataclass
class Draft:
    """A row on its way to a case. `case` None: it has errors. `finished_on` None: not done."""

    row: int
    case: CaseIn | None = None
    finished_on: date | None = None
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, how: Callable[[str], Told], text: str, instead: Told) -> Told:
        """A cell read; what is wrong with it is kept."""
        try:
            return how(text)
        except ValueError as error:
            self.errors.append(str(error))
            return instead


def is_end(texts: Sequence[str]) -> bool:
    """Whether a row is the total, a signature or a remark below the table."""
    first = next((text.strip() for text in texts if text.strip()), "")
    return bool(_END.match(first))


def is_blank(record: Mapping[str, str]) -> bool:
    """Whether a row says nothing of a case, but for a number that a template has."""
    return not any(record.get(key, "").strip() for key in ("party_name", "address", "description"))


def draft(
    number: int, record: Mapping[str, str], mapping: Mapping[str, str], stated: Stated, units: Sequence[Area]
) -> Draft:
    """The case of a row. `mapping`: field -> head; amounts are in the unit that their head names."""
    made = Draft(number)
    values = _common(made, record, stated, units)
    values |= (
        _penalties(made, record, mapping, stated.as_of) if stated.form == "F1" else _chemical(made, record, stated)
    )
    progress = record.get("progress", "").strip()
    if cells.is_finished(progress):
        made.finished_on = cells.day_within(progress) or stated.as_of
    values["measures"] = _measures(record, progress)
    _settle_days(made, values, record, stated)
    if not made.errors:
        try:
            made.case = CaseIn.model_validate(values)
        except ValidationError as error:
            made.errors += [_said(problem) for problem in error.errors()]
    return made


def _common(made: Draft, record: Mapping[str, str], stated: Stated, units: Sequence[Area]) -> dict[str, Any]:
    for key, text in (("party_name", "单位名称"), ("address", "详细地址"), ("description", "问题具体描述")):
        if not record.get(key, "").strip():
            made.errors.append(f"缺{text}")
    return {
        "id": uuid4(),
        "number": _line(record.get("number")),
        "party_name": _line(record.get("party_name")),
        "unit_code": _unit(made, record.get("unit", ""), stated.unit, units).code,
        "address": _line(record.get("address")),
        "responsible_name": _line(record.get("responsible_name")),
        "responsible_phone": _line(record.get("responsible_phone")),
        "description": record.get("description", "").strip(),
    }


def _unit(made: Draft, text: str, asked: Area, units: Sequence[Area]) -> Area:
    if not text.strip():
        made.warnings.append(f"未写地区，记在{asked.name}")
        return asked
    found = unit_of(text, units)
    if found is None:
        made.errors.append(f"地区“{text.strip()[:30]}”不在{asked.name}内，或有同名，无法确定属于哪个镇村")
        return asked
    return found


def _penalties(made: Draft, record: Mapping[str, str], mapping: Mapping[str, str], as_of: date) -> dict[str, Any]:
    wrong = len(made.errors)
    ticked = [code for code in TICKED if made.read(cells.tick, record.get(code, ""), False)]
    if len(ticked) != 1 and len(made.errors) == wrong:
        names = "、".join(TICKED[code] for code in ticked)
        made.errors.append(
            f"问题类别勾选了 {len(ticked)} 个（{names}），只能勾选一个" if ticked else "没有勾选问题类别"
        )
    return {
        "category": ticked[0] if ticked else "other",
        "is_shut": made.read(cells.tick, record.get("is_shut", ""), False),
        "filed_on": _filed(made, record.get("filed", ""), as_of),
        "fine_wan": made.read(lambda text: cells.wan(text, mapping.get("fine", "")), record.get("fine", ""), None),
        "confiscated_wan": made.read(
            lambda text: cells.wan(text, mapping.get("confiscated", "")), record.get("confiscated", ""), None
        ),
        "transferred_persons": made.read(cells.count, record.get("transferred_persons", ""), 0),
        "disciplined_persons": made.read(cells.count, record.get("disciplined_persons", ""), 0),
    }


def _filed(made: Draft, text: str, as_of: date) -> date | None:
    """A day when the cell names one, the list's when it is only ticked."""
    named = cells.day_within(text)
    if named is not None:
        return named
    if not made.read(cells.tick, text, False):
        return None
    made.warnings.append(f"已立案但未写日期，记为清单日期 {as_of}")
    return as_of


def _chemical(made: Draft, record: Mapping[str, str], stated: Stated) -> dict[str, Any]:
    no_stages: list[str] = []
    no_chemicals: list[dict[str, Any]] = []
    return {
        "category": "chemical",
        "chemical_kind": stated.chemical_kind,
        "stages": made.read(cells.stages, record.get("stages", ""), no_stages),
        "chemicals": made.read(cells.chemicals, record.get("chemicals", ""), no_chemicals),
    }


def _measures(record: Mapping[str, str], progress: str) -> str | None:
    """Measures as told, with what the list says of the work on the ground: it is told there, and proved nowhere yet."""
    parts = [record.get("measures", "").strip()]
    if progress:
        parts.append(f"{_BY_IMPORT}清单所写整治情况：{progress}")
    cleared = record.get("cleared", "").strip()
    if cleared and cells.plain(cleared) not in cells.NOTHING:
        parts.append(f"{_BY_IMPORT}清单所写“两断三清”：{cleared}（尚无逐项佐证）")
    return "；".join(filter(None, parts)) or None


def _settle_days(made: Draft, values: dict[str, Any], record: Mapping[str, str], stated: Stated) -> None:
    """When it was found: as told, else the list's day, or before it when something happened earlier."""
    known = [day for day in (made.finished_on, values.get("filed_on")) if day is not None]
    told = made.read(cells.day, record.get("found_on", ""), None)
    found_on = told or min([stated.as_of, *known])
    if any(day > stated.as_of for day in [*known, *([told] if told else [])]):
        made.errors.append(f"有晚于清单日期 {stated.as_of} 的日期，请核对")
    if told is not None and any(day < told for day in known):
        made.errors.append(f"立案或完成日期早于发现日期 {told}，请核对")
    values["found_on"] = found_on
    values["deadline"] = max(stated.deadline if made.finished_on is None else made.finished_on, found_on)


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _said(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    what = "过长" if "too_long" in problem["type"] else "有不能保存的字符或不合要求"
    return f"“{CASE_FIELDS.get(name, name)}”{what}"
