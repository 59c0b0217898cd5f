"""HTTP of reports: the forms, efforts, lists that towns have kept, exports."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile

from app.cases.schemas.codes import ChemicalKind
from app.configured import SettingsDep
from app.db import SessionDep
from app.errors import InvalidInputError
from app.exporting import Kind
from app.reports import service
from app.reports.cases import Period
from app.reports.lists import ListName
from app.reports.schemas import (
    Day,
    EffortIn,
    EffortRow,
    Efforts,
    FormCode,
    FormOut,
    ImportOut,
    ListedForm,
    Whereabouts,
    WithdrawalIn,
)
from app.reports.service import File, ListFile
from app.security import ReportManager, ReportReader

router = APIRouter(prefix="/api", tags=["reports"])

UnitCode = Annotated[str | None, Query(max_length=12)]


def period_asked(first_day: Day, last_day: Day) -> Period:
    """The days that a form is asked for."""
    return Period(first_day, last_day)


PeriodDep = Annotated[Period, Depends(period_asked)]


def list_sent(
    file: UploadFile,
    form: Annotated[ListedForm, Form()],
    as_of: Annotated[Day, Form()],
    deadline: Annotated[Day, Form()],
    unit: Annotated[str | None, Form(max_length=12)] = None,
    chemical_kind: Annotated[ChemicalKind | None, Form()] = None,
    mapping: Annotated[str, Form(max_length=20_000)] = "",
) -> Iterator[ListFile]:
    """The list that a form brings, kept in a file for as long as the request takes."""
    name = PurePath(file.filename or "").name[:200] or "upload"
    with tempfile.TemporaryDirectory(prefix="wuyilou-upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as sink:
            shutil.copyfileobj(file.file, sink)
        yield ListFile(path, name, form, unit, as_of, deadline, chemical_kind, _mapping(mapping))


ListDep = Annotated[ListFile, Depends(list_sent)]


@router.get("/reports/units")
def get_whereabouts(actor: ReportReader, session: SessionDep, unit: UnitCode = None) -> Whereabouts:
    """A unit with those above and below it that one may see reports of."""
    return service.whereabouts(session, actor, unit)


@router.get("/reports/efforts")
def list_efforts(
    actor: ReportReader,
    session: SessionDep,
    unit: UnitCode = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Efforts:
    """Efforts told for units at or below a unit, those withdrawn included."""
    return service.list_efforts(session, actor, unit, limit, skip)


@router.post("/reports/efforts")
def post_effort(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, response: Response, effort: EffortIn
) -> EffortRow:
    """Record what a town or a village put into some days; sent again, the same answer and nothing twice."""
    recorded = service.record_effort(session, settings, actor, effort)
    if recorded.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return recorded.effort


@router.post("/reports/efforts/{effort_id}/withdrawal")
def withdraw_effort(actor: ReportManager, session: SessionDep, effort_id: UUID, said: WithdrawalIn) -> EffortRow:
    """Let an effort count no longer."""
    return service.withdraw_effort(session, actor, effort_id, said.why)


@router.post("/reports/imports/preview")
def preview_import(actor: ReportManager, session: SessionDep, settings: SettingsDep, sent: ListDep) -> ImportOut:
    """What a list of problems (F1, F3) would bring; nothing is stored."""
    return service.preview_list(session, settings, actor, sent)


@router.post("/reports/imports")
def post_import(actor: ReportManager, session: SessionDep, settings: SettingsDep, sent: ListDep) -> ImportOut:
    """Take in a list of problems (F1, F3): all of it, or nothing and the reasons."""
    return service.import_list(session, settings, actor, sent)


@router.get("/reports/{form}.xlsx", response_class=Response)
def get_form_file(
    actor: ReportReader,
    session: SessionDep,
    settings: SettingsDep,
    form: FormCode,
    period: PeriodDep,
    unit: UnitCode = None,
) -> Response:
    """A form as a workbook to print, sign and stamp."""
    return download(service.form_file(session, settings, actor, form, unit, period))


@router.get("/reports/{form}")
def get_form(
    actor: ReportReader,
    session: SessionDep,
    settings: SettingsDep,
    form: FormCode,
    period: PeriodDep,
    unit: UnitCode = None,
) -> FormOut:
    """A form as it will be printed."""
    return service.form(session, settings, actor, form, unit, period)


@router.get("/exports/{name}.{kind}", response_class=Response)
def export_list(
    actor: ReportReader,
    session: SessionDep,
    settings: SettingsDep,
    name: ListName,
    kind: Kind,
    unit: UnitCode = None,
) -> Response:
    """A list of one's scope, or of a unit in it, as a file; the look is written down."""
    return download(service.export_list(session, settings, actor, name, kind, unit))


def download(file: File) -> Response:
    """A file as browsers save it."""
    return Response(file.content, media_type=file.media_type, headers=file.headers)


def _mapping(text: str) -> dict[str, str] | None:
    """Field -> head as JSON; None for nothing said."""
    if not text.strip():
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InvalidInputError('列对应应为 JSON 对象，例如 {"party_name": "单位名称"}。')
    return given
