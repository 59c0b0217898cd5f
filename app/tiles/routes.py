"""HTTP of tiles."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from app.db import SessionDep
from app.security import CoverageReader, TrackReader
from app.tiles import service

router = APIRouter(prefix="/api", tags=["tiles"])

MVT = "application/vnd.mapbox-vector-tile"
Held = Annotated[str | None, Header(alias="If-None-Match")]
Days = Annotated[int, Query(ge=1, le=31)]


@router.get("/tiles/epochs")
def epochs(_actor: CoverageReader, session: SessionDep) -> dict[str, list[date]]:
    """Days from which tiles of grids and exclusions differ from those before."""
    return {"epochs": service.epochs(session)}


@router.get("/tiles/tracks/{z}/{x}/{y}.mvt")
def track_tile(
    actor: TrackReader,
    request: Request,
    session: SessionDep,
    z: int,
    x: int,
    y: int,
    on: date | None = None,
    days: Days = service.DEFAULT_TRACK_DAYS,
    held: Held = None,
) -> Response:
    """One vector tile of where people walked, or 304 when the browser's copy is still right."""
    day = on or request.app.state.settings.today()
    return _answer(service.track_tile(session, actor, z, x, y, day, days, held), MVT)


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt")
def vector_tile(
    actor: CoverageReader,
    request: Request,
    session: SessionDep,
    layer: str,
    z: int,
    x: int,
    y: int,
    on: date | None = None,
    held: Held = None,
) -> Response:
    """One vector tile, or 304 when the browser's copy is still right."""
    day = on or request.app.state.settings.today()
    return _answer(service.vector_tile(session, actor.scope, layer, z, x, y, day, held), MVT)


@router.get("/tiles/freshness/{z}/{x}/{y}.png")
def freshness_tile(
    actor: CoverageReader,
    request: Request,
    session: SessionDep,
    z: int,
    x: int,
    y: int,
    cycle_days: int | None = None,
    on: date | None = None,
    held: Held = None,
) -> Response:
    """How long ago each place was seen, as a picture."""
    settings = request.app.state.settings
    tile = service.freshness_tile(session, settings, actor.scope, z, x, y, cycle_days, on, held)
    return _answer(tile, "image/png")


@router.get("/units/{code}/children.geojson")
def children(
    actor: CoverageReader, request: Request, session: SessionDep, code: str, on: date | None = None
) -> dict[str, Any]:
    """A unit's shape and its children's, for pages that cannot draw vector tiles."""
    return service.children_geojson(session, actor.scope, code, on or request.app.state.settings.today())


def _answer(tile: service.Tile, media_type: str) -> Response:
    headers = {"ETag": tile.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if tile.body is None:
        return Response(status_code=304, headers=headers)
    return Response(tile.body, media_type=media_type, headers=headers)
