"""HTTP of patrols."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile

from app.configured import SettingsDep
from app.db import SessionDep
from app.patrols import looked_at as looking
from app.patrols import own, service
from app.patrols.importing import read_import
from app.patrols.looked_at import LookedAt
from app.patrols.schemas import PatrolAnswer, PatrolDetail, PatrolSummary, VoidBody, body_schema, read_patrol, read_void
from app.security import CoverageReader, RecordSender, Reviewer, SignedIn, TrackReader

router = APIRouter(prefix="/api", tags=["patrols"])
_JSON_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": body_schema()}}}}


async def raw_body(request: Request) -> bytes:
    """The body as bytes; a thread reads the JSON, so that one large patrol does not hold up the others."""
    return await request.body()


BodyDep = Annotated[bytes, Depends(raw_body)]


@router.post("/patrols", openapi_extra=_JSON_BODY)
def post_patrol(
    actor: RecordSender,
    body: BodyDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
) -> PatrolAnswer:
    """Take in a patrol; sent again, the same answer and nothing twice."""
    patrol = read_patrol(body, settings.upload.fixes)
    accepted = service.accept(session, settings, actor, patrol)
    return _told(accepted, response)


@router.post("/patrols/import")
def import_patrol(
    actor: RecordSender,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    file: Annotated[UploadFile, File()],
    officer_code: Annotated[str, Form()],
    mode: Annotated[str, Form()],
    datum: Annotated[str, Form()],
    patrol_id: Annotated[str | None, Form(alias="id")] = None,
    device: Annotated[str | None, Form()] = None,
    label: Annotated[str | None, Form()] = None,
    accuracy_m: Annotated[float | None, Form()] = None,
    time_zone: Annotated[str | None, Form()] = None,
) -> PatrolAnswer:
    """Take in a patrol recorded in a file: GPX, KML, KMZ, GeoJSON or CSV."""
    stated = {
        "id": patrol_id, "officer_code": officer_code, "mode": mode, "datum": datum, "device": device, "label": label
    }  # fmt: skip
    record = read_import(file.file.read(), stated, accuracy_m, time_zone, settings.upload)
    accepted = service.accept_record(session, settings, actor, record)
    return _told(accepted, response)


@router.get("/patrols")
def list_patrols(
    actor: TrackReader,
    session: SessionDep,
    settings: SettingsDep,
    officer: Annotated[str | None, Query(max_length=64)] = None,
    day: date | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[PatrolSummary]:
    """Patrols of an officer and of a local day, newest first."""
    return service.page(session, settings, actor, officer, day, limit, skip)


@router.get("/patrols/{patrol_id}")
def get_patrol(actor: TrackReader, session: SessionDep, patrol_id: UUID) -> PatrolDetail:
    """A patrol with its account and its track."""
    return service.look_at(session, actor, patrol_id)


@router.post("/patrols/{patrol_id}/void")
def void_patrol(
    actor: Reviewer, session: SessionDep, settings: SettingsDep, patrol_id: UUID, body: VoidBody
) -> PatrolDetail:
    """Take a patrol out of the coverage, with a reason."""
    service.void(session, settings, patrol_id, read_void(body), actor)
    return service.detail(session, patrol_id)


@router.get("/looked-at")
def looked_at(
    actor: CoverageReader,
    session: SessionDep,
    settings: SettingsDep,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-85, le=85, allow_inf_nan=False)],
) -> LookedAt:
    """Who looked at a place (WGS-84), newest first."""
    return looking.looked_at(session, settings, actor, lon, lat)


@router.get("/me/patrols/{patrol_id}")
def own_patrol(actor: SignedIn, session: SessionDep, patrol_id: UUID) -> own.OwnPatrol:
    """A patrol of one's own with every fix that is kept of it."""
    return own.own_patrol(session, actor, patrol_id)


def _told(accepted: service.Accepted, response: Response) -> PatrolAnswer:
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return accepted.answer
