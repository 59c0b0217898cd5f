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
from app.reports.cases import Period
from app.reports.importing import taking
from app.reports.importing.rows import Stated
from app.reports.lists import LISTS, ListName
from app.reports.schemas import (
    EffortIn,
    EffortRow,
    Efforts,
    FormCode,
    FormOut,
    ImportOut,
    ListedForm,
    Whereabouts,
)
from app.reports.showing import above, form_out, unit_name
from app.reports.submissions import reading
from app.reports.submissions.preparing import prepare_due
from app.reports.submissions.schemas import Late
from app.reports.workbook import workbook
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory

__all__ = ["prepare_due"]
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
    return form_out(settings, filling.fill(session, settings, actor, code, unit, period))


def form_file(
    session: Session, settings: Settings, actor: Actor, code: FormCode, unit_code: str | None, period: Period
) -> File:
    """The same form as a workbook."""
    unit = filling.unit_asked(session, actor, unit_code)
    filled = filling.fill(session, settings, actor, code, unit, period)
    name = f"{filled.table.title}_{unit.name}_{period.first_day:%Y%m%d}-{period.last_day:%Y%m%d}.xlsx"
    return File(workbook(filled.table, above(settings, unit, period)), XLSX, name)


def whereabouts(session: Session, actor: Actor, unit_code: str | None) -> Whereabouts:
    """A unit, by default the first of the topmost ones, with those that one may go to from it."""
    unit = filling.unit_asked(session, actor, unit_code)
    return Whereabouts(
        unit=unit_name(unit),
        path=[unit_name(filling.area(row)) for row in territory.breadcrumb(session, actor.scope, unit.path)],
        below=[unit_name(area) for area in filling.below_of(session, unit)],
        tops=[unit_name(filling.area(row)) for row in territory.tops(session, actor.scope)],
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


def late(session: Session, settings: Settings, scope: Scope, unit_code: str) -> list[Late]:
    """Reports at or below a unit that should have been handed upward by now, longest late first."""
    return reading.late(session, settings, scope, filling.area(territory.unit_in_scope(session, scope, unit_code)))


def _look(session: Session, settings: Settings, actor: Actor, sent: ListFile) -> taking.Looked:
    unit = filling.unit_asked(session, actor, sent.unit_code)
    stated = Stated(sent.form, unit, sent.as_of, sent.deadline, sent.chemical_kind)
    units = filling.units_within(session, unit)
    return taking.look(session, settings, actor, stated, units, sent.path, sent.name, sent.mapping)
