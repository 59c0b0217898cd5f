"""HTTP of cases."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from app.cases import attachments, changing, closing, links, looking_back, service, steps
from app.cases.schemas.codes import Category, Item, Omission, State
from app.cases.schemas.inputs import (
    AttachmentIn,
    CaseIn,
    CasePatch,
    ClosureIn,
    Day,
    LinkIn,
    LookBackIn,
    StepIn,
    StrikeOffIn,
    WithdrawalIn,
)
from app.cases.schemas.outputs import CaseDetail, Cases, Draft
from app.cases.sources import Origin
from app.configured import SettingsDep
from app.db import SessionDep
from app.security import CaseManager, CaseReader, StrikeOff
from app.words import Line

router = APIRouter(prefix="/api", tags=["cases"])
MVT = "application/vnd.mapbox-vector-tile"
HEAVY_AT_ONCE = 3
_CHUNK = 256 * 1024
Held = Annotated[str | None, Header(alias="If-None-Match")]


def _turn() -> Iterator[None]:
    """A place among the few whose files are decoded or printed at a time."""
    yield


TurnDep = Annotated[None, Depends(_turn, max_concurrency=HEAVY_AT_ONCE, scope="function")]


def case_filter(
    unit: Annotated[str | None, Query(max_length=64)] = None,
    state: State | Literal["open"] | None = None,
    category: Category | None = None,
    supervised: bool = False,
    omission: Omission | Literal["any"] | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    found_from: date | None = None,
    found_to: date | None = None,
    site: UUID | None = None,
) -> service.CaseFilter:
    """Which cases the address asks for."""
    return service.CaseFilter(unit, state, category, supervised, omission, q, found_from, found_to, site)


def stated_of(
    attachment_id: Annotated[UUID, Form(alias="id")],
    what: Annotated[Line, Form()],
    taken_on: Annotated[Day | None, Form()] = None,
) -> AttachmentIn:
    """What the form says about the file."""
    return AttachmentIn(id=attachment_id, what=what, taken_on=taken_on)


Wanted = Annotated[service.CaseFilter, Depends(case_filter)]


@router.get("/cases")
def list_cases(
    actor: CaseReader,
    session: SessionDep,
    settings: SettingsDep,
    wanted: Wanted,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Cases:
    """Cases of one's scope, found last first."""
    return service.page(session, settings, actor, wanted, limit, skip)


@router.get("/cases/draft")
def get_draft(
    actor: CaseManager,
    session: SessionDep,
    settings: SettingsDep,
    site: UUID | None = None,
    tenancy: UUID | None = None,
    lead: UUID | None = None,
    visit: UUID | None = None,
) -> Draft:
    """What is known beforehand of a case from a site, tenancy, lead or visit."""
    return service.draft(session, settings, actor, Origin(site, tenancy, lead, visit))


@router.post("/cases")
def post_case(actor: CaseManager, session: SessionDep, settings: SettingsDep, case: CaseIn) -> CaseDetail:
    """Open the file of a case; sent again, the same file."""
    return service.create_case(session, settings, actor, case)


@router.get("/cases/{case_id}.pdf", response_class=StreamingResponse)
def get_pdf(
    actor: CaseReader, _turn: TurnDep, session: SessionDep, settings: SettingsDep, case_id: UUID
) -> StreamingResponse:
    """The file as one PDF."""
    return _saved(service.as_pdf(session, settings, actor, case_id))


@router.get("/cases/{case_id}.zip", response_class=StreamingResponse)
def get_zip(
    actor: CaseReader, _turn: TurnDep, session: SessionDep, settings: SettingsDep, case_id: UUID
) -> StreamingResponse:
    """The PDF with all originals."""
    return _saved(service.as_zip(session, settings, actor, case_id))


@router.get("/cases/{case_id}")
def get_case(actor: CaseReader, session: SessionDep, settings: SettingsDep, case_id: UUID) -> CaseDetail:
    """The whole file."""
    return service.detail(session, settings, actor, case_id)


@router.patch("/cases/{case_id}")
def patch_case(
    actor: CaseManager, session: SessionDep, settings: SettingsDep, case_id: UUID, body: CasePatch
) -> CaseDetail:
    """Change facts of the file, with a reason."""
    changing.change(session, settings, actor, case_id, body)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/steps")
def post_step(
    actor: CaseManager, session: SessionDep, settings: SettingsDep, case_id: UUID, body: StepIn
) -> CaseDetail:
    """Start, close, reopen, supervise, or note something."""
    steps.take_step(session, settings, actor, case_id, body)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/striking-off")
def post_striking_off(
    actor: StrikeOff, session: SessionDep, settings: SettingsDep, case_id: UUID, body: StrikeOffIn
) -> CaseDetail:
    """Take a case off the list."""
    steps.strike_off(session, settings, actor, case_id, body)
    return service.detail(session, settings, actor, case_id)


@router.put("/cases/{case_id}/closure/{item}")
def put_closure(
    actor: CaseManager, session: SessionDep, settings: SettingsDep, case_id: UUID, item: Item, body: ClosureIn
) -> CaseDetail:
    """When one of 两断三清 was done, and what proves it."""
    closing.record_item(session, settings, actor, case_id, item, body)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/look-backs/{look_back_id}")
def post_look_back(
    actor: CaseManager,
    session: SessionDep,
    settings: SettingsDep,
    case_id: UUID,
    look_back_id: UUID,
    body: LookBackIn,
) -> CaseDetail:
    """What a look back found."""
    looking_back.look_back(session, settings, actor, case_id, look_back_id, body)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/attachments")
def post_attachment(
    actor: CaseManager,
    _turn: TurnDep,
    session: SessionDep,
    settings: SettingsDep,
    case_id: UUID,
    file: UploadFile,
    stated: Annotated[AttachmentIn, Depends(stated_of)],
) -> CaseDetail:
    """Take in an original: JPEG, PNG or PDF."""
    attachments.attach(session, settings, actor, case_id, stated, file.filename or "", file.file.read())
    return service.detail(session, settings, actor, case_id)


@router.get("/cases/{case_id}/attachments/{attachment_id}", response_class=Response)
def get_attachment(
    actor: CaseReader,
    _turn: TurnDep,
    session: SessionDep,
    settings: SettingsDep,
    case_id: UUID,
    attachment_id: UUID,
    small: bool = False,
    held: Held = None,
) -> Response:
    """An original as it came, or a small picture of it."""
    read = service.small if small else service.original
    return _original(read(session, settings, actor, case_id, attachment_id), held)


@router.post("/cases/{case_id}/attachments/{attachment_id}/withdrawal")
def post_withdrawal(
    actor: CaseManager,
    session: SessionDep,
    settings: SettingsDep,
    case_id: UUID,
    attachment_id: UUID,
    body: WithdrawalIn,
) -> CaseDetail:
    """Strike an original out, with a reason."""
    attachments.withdraw(session, settings, actor, case_id, attachment_id, body.why)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/links")
def post_link(
    actor: CaseManager, session: SessionDep, settings: SettingsDep, case_id: UUID, body: LinkIn
) -> CaseDetail:
    """Tie a case to another, or to somebody by name."""
    links.link(session, settings, actor, case_id, body)
    return service.detail(session, settings, actor, case_id)


@router.post("/cases/{case_id}/links/{link_id}/removal")
def post_removal(
    actor: CaseManager, session: SessionDep, settings: SettingsDep, case_id: UUID, link_id: UUID, body: WithdrawalIn
) -> CaseDetail:
    """Strike a link out, with a reason."""
    links.unlink(session, settings, actor, case_id, link_id, body.why)
    return service.detail(session, settings, actor, case_id)


@router.get("/tiles/cases/{z}/{x}/{y}.mvt", response_class=Response)
def case_tile(
    actor: CaseReader,
    session: SessionDep,
    settings: SettingsDep,
    wanted: Wanted,
    z: int,
    x: int,
    y: int,
    held: Held = None,
) -> Response:
    """One vector tile of cases, or 304 when the browser's copy is still right."""
    tile = service.tile(session, settings, actor, wanted, z, x, y, held)
    headers = {"ETag": tile.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if tile.body is None:
        return Response(status_code=304, headers=headers)
    return Response(tile.body, media_type=MVT, headers=headers)


def _original(original: service.Original, held: str | None) -> Response:
    # Opened by itself it runs nothing; a PDF is saved, since a sandbox shows none.
    how = "inline" if original.media_type.startswith("image/") else "attachment"
    headers = {
        "ETag": original.etag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(original.file_name)}",
    }
    if held == original.etag:
        return Response(status_code=304, headers=headers)
    return Response(original.content, media_type=original.media_type, headers=headers)


def _saved(printed: service.Printed) -> StreamingResponse:
    def chunks() -> Iterator[bytes]:
        with printed.file as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(printed.name)}"}
    return StreamingResponse(chunks(), media_type=printed.media_type, headers=headers)
