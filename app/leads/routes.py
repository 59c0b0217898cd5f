"""HTTP of leads."""

from pathlib import PurePath
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile

from app.configured import SettingsDep
from app.db import SessionDep
from app.leads import service
from app.leads.schemas import (
    DatumName,
    EntryIn,
    LeadAnswer,
    LeadDetail,
    LeadIn,
    Leads,
    Omission,
    PowerReport,
    Reporter,
    Source,
    State,
    StepIn,
    VehicleReport,
)
from app.security import LeadManager, LeadReader, RecordSender, ReporterReader
from app.words import Code

router = APIRouter(prefix="/api", tags=["leads"])
MVT = "application/vnd.mapbox-vector-tile"
_REPLAY = "Idempotent-Replay"


def filters(
    state: State | None = None,
    source: Source | None = None,
    unit: Annotated[str | None, Query(max_length=12)] = None,
    omission: Omission | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
) -> service.Filters:
    """What a list is asked for."""
    return service.Filters(state, source, unit, omission, q)


FiltersDep = Annotated[service.Filters, Depends(filters)]


@router.post("/leads")
def post_lead(
    actor: RecordSender, settings: SettingsDep, session: SessionDep, response: Response, lead: LeadIn
) -> LeadAnswer:
    """Take in what an officer found suspicious; sent again, the same answer and nothing twice."""
    accepted = service.accept(session, settings, actor, lead)
    _mark(response, accepted.is_replay)
    return accepted.answer


@router.get("/leads")
def list_leads(
    actor: LeadReader,
    settings: SettingsDep,
    session: SessionDep,
    wanted: FiltersDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Leads:
    """Leads of one's scope, newest first."""
    return service.page(session, settings, actor, wanted, limit, skip)


@router.post("/leads/entries")
def post_entry(
    actor: LeadManager, settings: SettingsDep, session: SessionDep, response: Response, entry: EntryIn
) -> LeadDetail:
    """Enter what came to a desk. Who reported it is kept, and not answered."""
    detail, is_replay = service.create(session, settings, actor, entry)
    _mark(response, is_replay)
    return detail


@router.post("/leads/power")
def post_power(
    actor: LeadManager,
    settings: SettingsDep,
    session: SessionDep,
    response: Response,
    file: Annotated[UploadFile, File()],
    unit_code: Annotated[Code, Form()],
) -> PowerReport:
    """Find users of power that left their own past pattern in a table of monthly readings."""
    report, is_replay = service.import_power(session, settings, actor, unit_code, _name(file), file.file.read())
    _mark(response, is_replay)
    return report


@router.post("/leads/vehicles")
def post_vehicle(
    actor: LeadManager,
    settings: SettingsDep,
    session: SessionDep,
    response: Response,
    file: Annotated[UploadFile, File()],
    unit_code: Annotated[Code, Form()],
    plate: Annotated[Code, Form()],
    datum: Annotated[DatumName, Form()],
    time_zone: Annotated[str | None, Form(max_length=60)] = None,
) -> VehicleReport:
    """Find stops of a hazardous-goods vehicle away from registered sites in its trace."""
    trace = service.Trace(unit_code, plate.upper(), datum, time_zone or None, _name(file), file.file.read())
    report, is_replay = service.import_vehicle(session, settings, actor, trace)
    _mark(response, is_replay)
    return report


@router.get("/leads/{lead_id}")
def get_lead(actor: LeadReader, settings: SettingsDep, session: SessionDep, lead_id: UUID) -> LeadDetail:
    """A lead with its photos and steps."""
    return service.detail(session, settings, actor, lead_id)


@router.get("/leads/{lead_id}/reporter")
def get_reporter(actor: ReporterReader, settings: SettingsDep, session: SessionDep, lead_id: UUID) -> Reporter:
    """Who reported a lead; the look is recorded."""
    return service.reporter(session, actor, lead_id, settings.today())


@router.post("/leads/{lead_id}/steps")
def post_step(
    actor: LeadManager, settings: SettingsDep, session: SessionDep, lead_id: UUID, step: StepIn
) -> LeadDetail:
    """Move a lead on."""
    return service.step(session, settings, actor, lead_id, step)


@router.get("/tiles/leads/{z}/{x}/{y}.mvt")
def lead_tile(
    actor: LeadReader, settings: SettingsDep, session: SessionDep, wanted: FiltersDep, z: int, x: int, y: int
) -> Response:
    """One vector tile of leads that have a place, with the filters of the list."""
    headers = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    return Response(service.tile(session, settings, actor, wanted, z, x, y), media_type=MVT, headers=headers)


def _mark(response: Response, is_replay: bool) -> None:
    if is_replay:
        response.headers[_REPLAY] = "true"


def _name(file: UploadFile) -> str:
    return PurePath((file.filename or "").replace("\\", "/")).name[:200] or "upload"
