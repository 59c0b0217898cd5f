"""HTTP of territory."""

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile

from app.db import SessionDep
from app.errors import InvalidInputError
from app.rights import Right
from app.security import CoverageReader, TerritoryManager
from app.territory import change, defects, service
from app.territory.importing.drafts import Defaults, plain_text
from app.territory.importing.geometry import known_datum
from app.territory.importing.request import ImportRequest
from app.territory.schemas import ImportReport, SearchHit, Subject

router = APIRouter(prefix="/api", tags=["territory"])

DefectKind = Literal["nobodys_land", "overlap", "outside", "no_officer", "no_cycle"]


@router.get("/search")
def search(
    actor: CoverageReader,
    request: Request,
    session: SessionDep,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[SearchHit]:
    """Units and grids by name or code."""
    return service.search(session, actor.scope, q, request.app.state.settings.today(), limit)


@router.get("/defects")
def list_defects(
    actor: CoverageReader,
    session: SessionDep,
    unit: str | None = None,
    kind: DefectKind | None = None,
    limit: Annotated[int, Query(ge=1, le=20_000)] = 2000,
) -> dict[str, Any]:
    """Defects at or below a unit, or in the whole scope, as GeoJSON, largest first."""
    path = service.unit_in_scope(session, actor.scope, unit).path if unit else None
    return defects.listed(session, actor.scope, path, kind, limit)


def import_request(
    request: Request,
    actor: TerritoryManager,
    file: UploadFile,
    subject: Annotated[Subject, Form()],
    datum: Annotated[str, Form(max_length=60)],
    mapping: Annotated[str, Form(max_length=10_000)] = "{}",
    effective_on: Annotated[date | None, Form()] = None,
    generated: Annotated[bool, Form()] = False,
    roots_allowed: Annotated[bool, Form()] = False,
    dry_run: Annotated[bool, Form()] = False,
    datum_confirmed: Annotated[bool, Form()] = False,
    retire_missing_in: Annotated[str | None, Form(max_length=12)] = None,
    layer: Annotated[str | None, Form(max_length=200)] = None,
    state: Annotated[Literal["requested", "approved"], Form()] = "requested",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> ImportRequest:
    """What the form asks for."""
    return ImportRequest(
        subject=subject,
        file_name=plain_text(PurePath(file.filename or "").name)[:200] or "upload",
        datum=known_datum(datum),
        today=request.app.state.settings.today(),
        actor=actor.label,
        mapping=_mapping(mapping),
        effective_on=effective_on,
        generated=generated,
        roots_allowed=roots_allowed,
        dry_run=dry_run,
        datum_confirmed=datum_confirmed,
        retire_missing_in=retire_missing_in or None,
        layer=layer or None,
        defaults=Defaults(state=state, reason=plain_text(reason)),
        scope=actor.scope,
        may_approve=actor.may(Right.DECIDE_EXCLUSIONS),
    )


def _mapping(text: str) -> dict[str, str]:
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InvalidInputError('列对应应为 JSON 对象，例如 {"code": "DM", "name": "MC"}。')
    return given


@router.post("/territory/imports")
def import_file(
    request: Request,
    session: SessionDep,
    file: UploadFile,
    asked: Annotated[ImportRequest, Depends(import_request)],
) -> ImportReport:
    """Import a file of units, grids or exclusions: all of it, or nothing and a report."""
    with tempfile.TemporaryDirectory(prefix="wuyilou-upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as sink:
            shutil.copyfileobj(file.file, sink)
        return change.import_territory(session, request.app.state.settings.upload, asked, path)


@router.get("/territory/imports/{batch}")
def read_import(actor: TerritoryManager, session: SessionDep, batch: UUID) -> ImportReport:
    """The report of an import."""
    return change.import_report(session, actor, batch)
