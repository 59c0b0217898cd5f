"""HTTP of baselines."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Query, Response, UploadFile
from fastapi import Path as PathNumber
from pydantic import TypeAdapter, ValidationError

from app.baselines import deciding, importing, service, tiles
from app.baselines.schemas import DecisionIn, Kind, ListDetail, ListIn, Lists, Preview, RowDetail, Rows, RowState, Why
from app.baselines.service import RowQuery
from app.baselines.tiles import TileQuery
from app.configured import SettingsDep
from app.db import SessionDep
from app.errors import InvalidInputError
from app.security import BaselineManager, BaselineReader

router = APIRouter(prefix="/api", tags=["baselines"])

MVT = "application/vnd.mapbox-vector-tile"
Limit = Annotated[int, Query(ge=1, le=500)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
RowId = Annotated[int, PathNumber(ge=1, le=2**63 - 1)]
HeaderRow = Annotated[int | None, Form(ge=1, le=1000)]
HeaderRows = Annotated[int | None, Form(ge=1, le=3)]
SheetName = Annotated[str | None, Form(max_length=100)]


def stored_upload(file: UploadFile) -> Iterator[tuple[Path, str]]:
    """The uploaded file in a private folder, gone after the request, and the name it had."""
    with tempfile.TemporaryDirectory(prefix="wuyilou-upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as sink:
            shutil.copyfileobj(file.file, sink)
        yield path, PurePath(file.filename or "").name[:200] or "upload"


Upload = Annotated[tuple[Path, str], Depends(stored_upload)]


def stated(fields: Annotated[str, Form(max_length=20_000)]) -> ListIn:
    """What the form's JSON says of a list. Raises InvalidInputError."""
    try:
        return TypeAdapter(ListIn).validate_json(fields)
    except ValidationError as error:
        where = "、".join(dict.fromkeys(".".join(map(str, each["loc"])) for each in error.errors()[:5]))
        raise InvalidInputError(f"名单的说明有误：{where}。请按要求填写，未导入任何内容。", problem=where) from error


@router.post("/baselines/preview")
def preview(
    _actor: BaselineManager,
    settings: SettingsDep,
    upload: Upload,
    header_row: HeaderRow = None,
    header_rows: HeaderRows = None,
    sheet: SheetName = None,
) -> Preview:
    """What a file holds; nothing is kept."""
    return importing.preview(settings, *upload, header_row, header_rows, sheet or None)


@router.post("/baselines")
def post_list(
    actor: BaselineManager,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    upload: Upload,
    asked: Annotated[ListIn, Depends(stated)],
) -> ListDetail:
    """Keep a list; its rows are matched soon after. Sent again, the same list and nothing twice."""
    if not importing.store(session, settings, actor, asked, *upload):
        response.headers["Idempotent-Replay"] = "true"
    return service.detail(session, settings, actor, asked.id)


@router.get("/baselines")
def list_lists(
    actor: BaselineReader,
    session: SessionDep,
    settings: SettingsDep,
    kind: Kind | None = None,
    withdrawn: bool = True,
    limit: Limit = 100,
    skip: Skip = 0,
) -> Lists:
    """Lists with rows in one's scope, newest first, with their figures."""
    return service.page(session, settings, actor, kind, withdrawn, limit, skip)


@router.get("/baselines/{baseline_id}")
def get_list(actor: BaselineReader, session: SessionDep, settings: SettingsDep, baseline_id: UUID) -> ListDetail:
    """A list as it stands."""
    return service.detail(session, settings, actor, baseline_id)


@router.get("/baselines/{baseline_id}/rows")
def list_rows(
    actor: BaselineReader,
    session: SessionDep,
    settings: SettingsDep,
    baseline_id: UUID,
    state: RowState | None = None,
    checked: bool | None = None,
    findings: bool | None = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 100,
    skip: Skip = 0,
) -> Rows:
    """Rows of a list in one's scope."""
    return service.rows(session, settings, actor, baseline_id, RowQuery(state, checked, findings, q), limit, skip)


@router.get("/baselines/{baseline_id}/rows/{row_id}")
def get_row(
    actor: BaselineReader, session: SessionDep, settings: SettingsDep, baseline_id: UUID, row_id: RowId
) -> RowDetail:
    """A row with its history."""
    return service.row(session, settings, actor, baseline_id, row_id)


@router.post("/baselines/{baseline_id}/rows/{row_id}/decision")
def decide(
    actor: BaselineManager,
    session: SessionDep,
    settings: SettingsDep,
    baseline_id: UUID,
    row_id: RowId,
    decision: DecisionIn,
) -> RowDetail:
    """Say what a row is."""
    return deciding.decide(session, settings, actor, baseline_id, row_id, decision)


@router.post("/baselines/{baseline_id}/matching")
def match_again(actor: BaselineManager, session: SessionDep, settings: SettingsDep, baseline_id: UUID) -> ListDetail:
    """Match the rows that no person has decided on anew."""
    return service.match_again(session, settings, actor, baseline_id)


@router.post("/baselines/{baseline_id}/withdrawal")
def withdraw(
    actor: BaselineManager, session: SessionDep, settings: SettingsDep, baseline_id: UUID, words: Why
) -> ListDetail:
    """Take a list out of force."""
    return service.withdraw(session, settings, actor, baseline_id, words.why)


@router.get("/tiles/baseline-rows/{z}/{x}/{y}.mvt")
def row_tile(
    actor: BaselineReader,
    session: SessionDep,
    settings: SettingsDep,
    z: int,
    x: int,
    y: int,
    baseline: UUID,
    state: RowState | None = None,
    checked: bool | None = None,
    held: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """One vector tile of a list's rows, or 304 when the browser's copy is still right."""
    found = tiles.tile(session, settings, actor, TileQuery(baseline, z, x, y, state, checked), held)
    headers = {"ETag": found.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if found.body is None:
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=MVT, headers=headers)
