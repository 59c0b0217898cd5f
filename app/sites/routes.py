"""HTTP of sites and tenancies."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Query, Response, UploadFile

from app.configured import SettingsDep
from app.db import SessionDep
from app.errors import InvalidInputError
from app.security import SiteManager, SiteReader
from app.sites import letting, omitted, reading, registering, tiles
from app.sites.importing import run
from app.sites.schemas import (
    CheckIn,
    EndIn,
    OmissionKind,
    Omissions,
    RemovalIn,
    RestorationIn,
    SiteDetail,
    SiteFilter,
    SiteIn,
    SitePatch,
    SiteQuery,
    Sites,
    TenancyDetail,
    TenancyIn,
    TenancyPatch,
)
from app.sites.schemas.importing import ImportPreview, SiteImportReport
from app.sites.schemas.incoming import DatumName
from app.words import Code

router = APIRouter(prefix="/api", tags=["sites"])

MVT = "application/vnd.mapbox-vector-tile"


@router.get("/sites")
def list_sites(
    actor: SiteReader, session: SessionDep, settings: SettingsDep, wanted: Annotated[SiteQuery, Query()]
) -> Sites:
    """Sites of one's scope by filters that combine, most urgent first, with counts by state."""
    return reading.page(session, settings, actor, wanted, wanted.limit, wanted.skip)


@router.get("/sites/omissions")
def list_omissions(
    actor: SiteReader,
    session: SessionDep,
    settings: SettingsDep,
    unit: Code | None = None,
    kind: OmissionKind | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Omissions:
    """What is left out at sites and tenancies, with the place and who is responsible."""
    return omitted.left_out(session, settings, actor, unit, kind, limit, skip)


def stored_upload(file: UploadFile) -> Iterator[tuple[Path, str]]:
    """The uploaded file in a private folder, gone after the request, and the name it had."""
    with tempfile.TemporaryDirectory(prefix="wuyilou-upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as sink:
            shutil.copyfileobj(file.file, sink)
        yield path, PurePath(file.filename or "").name[:200] or "upload"


Upload = Annotated[tuple[Path, str], Depends(stored_upload)]


def stated_mapping(mapping: Annotated[str, Form(max_length=10_000)] = "{}") -> dict[str, str]:
    """Field -> header as the form says. Raises InvalidInputError."""
    try:
        given = json.loads(mapping or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise InvalidInputError('列对应应为 JSON 对象，例如 {"name": "厂房名称"}。未导入任何内容。')
    return given


@router.post("/sites/imports/preview")
def preview_import(_actor: SiteManager, settings: SettingsDep, upload: Upload) -> ImportPreview:
    """What a file of sites holds; nothing is kept."""
    return run.preview(settings, *upload)


@router.post("/sites/imports")
def post_import(
    actor: SiteManager,
    session: SessionDep,
    settings: SettingsDep,
    upload: Upload,
    mapping: Annotated[dict[str, str], Depends(stated_mapping)],
    datum: Annotated[DatumName, Form()],
    unit: Annotated[str, Form(max_length=12)] = "",
    dry_run: Annotated[bool, Form()] = False,
) -> SiteImportReport:
    """Import sites with tenancies: all of the file, or nothing and a report."""
    asked = run.SiteImport(upload[1], datum, mapping, unit or None, dry_run)
    return run.import_sites(session, settings, actor, asked, upload[0])


@router.get("/sites/{site_id}")
def get_site(actor: SiteReader, session: SessionDep, settings: SettingsDep, site_id: UUID) -> SiteDetail:
    """A site with its tenancies, visits and history."""
    return reading.detail(session, settings, actor, site_id)


@router.post("/sites")
def post_site(actor: SiteManager, session: SessionDep, settings: SettingsDep, site: SiteIn) -> SiteDetail:
    """Put a site down; sent again, the same answer and nothing twice."""
    return registering.create_site(session, settings, actor, site)


@router.patch("/sites/{site_id}")
def patch_site(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, site_id: UUID, patch: SitePatch
) -> SiteDetail:
    """Change what is named of a site."""
    return registering.change_site(session, settings, actor, site_id, patch)


@router.post("/sites/{site_id}/removal")
def post_removal(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, site_id: UUID, removal: RemovalIn
) -> SiteDetail:
    """Take a site that is empty out of all lists."""
    return registering.remove_site(session, settings, actor, site_id, removal)


@router.post("/sites/{site_id}/restoration")
def post_restoration(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, site_id: UUID, restoration: RestorationIn
) -> SiteDetail:
    """Bring a removed site back."""
    return registering.restore_site(session, settings, actor, site_id, restoration)


@router.post("/sites/{site_id}/tenancies")
def post_tenancy(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, site_id: UUID, tenancy: TenancyIn
) -> TenancyDetail:
    """Put a tenancy down; sent again, the same answer and nothing twice."""
    return letting.add_tenancy(session, settings, actor, site_id, tenancy)


@router.patch("/tenancies/{tenancy_id}")
def patch_tenancy(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, tenancy_id: UUID, patch: TenancyPatch
) -> TenancyDetail:
    """Change what is named of a tenancy."""
    return letting.change_tenancy(session, settings, actor, tenancy_id, patch)


@router.post("/tenancies/{tenancy_id}/end")
def post_end(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, tenancy_id: UUID, end: EndIn
) -> TenancyDetail:
    """End a tenancy, with those under it if told so."""
    return letting.end_tenancy(session, settings, actor, tenancy_id, end)


@router.post("/tenancies/{tenancy_id}/checks")
def post_check(
    actor: SiteManager, session: SessionDep, settings: SettingsDep, tenancy_id: UUID, check: CheckIn
) -> TenancyDetail:
    """Add an aspect of a check before letting; sent again, the same answer and nothing twice."""
    return letting.add_check(session, settings, actor, tenancy_id, check)


@router.get("/tiles/sites/{z}/{x}/{y}.mvt")
def site_tile(
    actor: SiteReader,
    session: SessionDep,
    settings: SettingsDep,
    z: int,
    x: int,
    y: int,
    wanted: Annotated[SiteFilter, Query()],
    held: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """One vector tile of sites, or 304 when the browser's copy is still right."""
    tile = tiles.tile(session, settings, actor.scope, wanted, z, x, y, held)
    headers = {"ETag": tile.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if tile.body is None:
        return Response(status_code=304, headers=headers)
    return Response(tile.body, media_type=MVT, headers=headers)
