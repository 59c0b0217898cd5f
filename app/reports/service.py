"""What the edges ask of reports."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.exporting import Kind
from app.reports import efforts, exports, filling
from app.reports.cases import Area, Period
from app.reports.filling import Filled
from app.reports.importing import taking
from app.reports.importing.rows import Stated
from app.reports.lists import LISTS, ListName
from app.reports.schemas import (
    ColumnOut,
    EffortIn,
    EffortRow,
    Efforts,
    FormCode,
    FormOut,
    HeadOut,
    ImportOut,
    ListedForm,
    UnitName,
    Whereabouts,
)
from app.reports.table import columns, depth, head_cells
from app.reports.workbook import Above, workbook
from app.settings import Settings
from app.territory import service as territory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class File(NamedTuple):
    """A file to be downloaded."""

    content: bytes
    media_type: str
    name: str

    @property
    def headers(self) -> dict[str, str]:
        """How a browser is told to save it under its name."""
        return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}"}


def form(
    session: Session, settings: Settings, actor: Actor, code: FormCode, unit_code: str | None, period: Period
) -> FormOut:
    """A form as the page shows it."""
    unit = filling.unit_asked(session, actor, unit_code)
    return _out(settings, filling.fill(session, settings, actor, code, unit, period))


def form_file(
    session: Session, settings: Settings, actor: Actor, code: FormCode, unit_code: str | None, period: Period
) -> File:
    """The same form as a workbook."""
    unit = filling.unit_asked(session, actor, unit_code)
    filled = filling.fill(session, settings, actor, code, unit, period)
    name = f"{filled.table.title}_{unit.name}_{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}.xlsx"
    return File(workbook(filled.table, _above(settings, filled)), XLSX, name)


def whereabouts(session: Session, actor: Actor, unit_code: str | None) -> Whereabouts:
    """A unit, by default the first of the topmost ones, with those that one may go to from it."""
    unit = filling.unit_asked(session, actor, unit_code)
    return Whereabouts(
        unit=_name(unit),
        path=[_name(filling.area(row)) for row in territory.breadcrumb(session, actor.scope, unit.path)],
        below=[_name(area) for area in filling.below_of(session, unit)],
        tops=[_name(filling.area(row)) for row in territory.tops(session, actor.scope)],
    )


class ListFile(NamedTuple):
    """A list that somebody sends, with what they say of it. `mapping`: field -> head; None: guess."""

    path: Path
    name: str
    form: ListedForm
    unit_code: str | None
    as_of: date
    deadline: date
    chemical_kind: str | None
    mapping: Mapping[str, str] | None


def preview_list(session: Session, settings: Settings, actor: Actor, sent: ListFile) -> ImportOut:
    """What a list would bring, row by row; nothing is stored."""
    return _look(session, settings, actor, sent).report


def import_list(session: Session, settings: Settings, actor: Actor, sent: ListFile) -> ImportOut:
    """Register the cases of a list that are new: all of them, or none and the reasons."""
    report = taking.take(session, settings, actor, _look(session, settings, actor, sent))
    actor.facts.update(form=report.form, imported=report.imported)
    return report


def export_list(
    session: Session, settings: Settings, actor: Actor, name: ListName, kind: Kind, unit_code: str | None
) -> File:
    """A list of one's scope as a file."""
    made = exports.export(session, settings, actor, name, kind, unit_code)
    return File(made.content, made.media_type, f"{LISTS[name].title}_{settings.today():%Y%m%d}.{kind}")


def record_effort(session: Session, settings: Settings, actor: Actor, told: EffortIn) -> efforts.Recorded:
    """Take in the effort of a town or a village; sent again, the same answer and nothing twice."""
    return efforts.record(session, settings, actor, told)


def list_efforts(session: Session, actor: Actor, unit_code: str | None, limit: int, skip: int) -> Efforts:
    """Efforts told for units at or below a unit."""
    return efforts.page(session, actor, filling.unit_asked(session, actor, unit_code), limit, skip)


def withdraw_effort(session: Session, actor: Actor, effort_id: UUID, why: str) -> EffortRow:
    """Let an effort count no longer."""
    return efforts.withdraw(session, actor, effort_id, why)


def _look(session: Session, settings: Settings, actor: Actor, sent: ListFile) -> taking.Looked:
    unit = filling.unit_asked(session, actor, sent.unit_code)
    stated = Stated(sent.form, unit, sent.as_of, sent.deadline, sent.chemical_kind)
    units = filling.units_within(session, unit)
    return taking.look(session, settings, actor, stated, units, sent.path, sent.name, sent.mapping)


def _above(settings: Settings, filled: Filled) -> Above:
    first, last = filled.period
    days = f"统计时段：{first} 至 {last}"
    return Above(f"填报单位（盖章）：{filled.unit.name}", days, f"填报日期：{settings.today()}")


def _out(settings: Settings, filled: Filled) -> FormOut:
    table = filled.table
    rows: list[list[HeadOut]] = [[] for _ in range(depth(table.heads))]
    for cell in head_cells(table.heads):
        rows[cell.row].append(HeadOut(text=cell.text, rows=cell.rows, columns=cell.columns))
    return FormOut(
        form=table.form,  # type: ignore[arg-type]
        title=table.title,
        unit=_name(filled.unit),
        first_day=filled.period.first_day,
        last_day=filled.period.last_day,
        above=list(_above(settings, filled)),
        heads=rows,
        columns=[ColumnOut(text=leaf.text, kind=leaf.kind, width=leaf.width) for leaf in columns(table.heads)],
        rows=table.rows,
        total=table.total,
        notes=table.notes,
        signatures=list(table.signatures),
        levels_checked=filled.levels_checked,
    )


def _name(area: Area) -> UnitName:
    return UnitName(code=area.code, name=area.name, level=area.level)
