"""What a tile shows at which zoom, and the mark by which a browser knows that it still has the right one."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.errors import InvalidInputError, NotFoundError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from app.tiles import queries

LEVELS = ("province", "city", "county", "town", "village")
MAX_ZOOM = 22
MIN_GRID_ZOOM = 11
MIN_GRID_LABEL_ZOOM = 13
LAYERS = ("units", "grids", "labels", "defects", "exclusions")
DEFAULT_TRACK_DAYS = 15


@dataclass(frozen=True)
class Tile:
    """A tile's bytes (None: the browser's copy is still right) and its strong ETag."""

    etag: str
    body: bytes | None


def level_at(zoom: int) -> str:
    """The unit level a zoom shows: counties from afar, then towns, then villages."""
    if zoom < 9:
        return "county"
    return "town" if zoom < 10 else "village"


def label_levels(zoom: int) -> list[str]:
    """The unit levels whose names a zoom shows."""
    if zoom < 8:
        return ["city"]
    if zoom < 9:
        return ["city", "county"]
    if zoom < 10:
        return ["county", "town"]
    return ["county", "town"] if zoom < 11 else ["town", "village"]


def check_address(z: int, x: int, y: int) -> None:
    """Raise InvalidInputError when no such tile exists."""
    if not 0 <= z <= MAX_ZOOM:
        raise InvalidInputError(f"瓦片级别 {z} 无效：应在 0 到 {MAX_ZOOM} 之间。", z=z)
    side = 1 << z
    if not (0 <= x < side and 0 <= y < side):
        raise InvalidInputError(
            f"瓦片地址 {z}/{x}/{y} 不存在：第 {z} 级的行列号应在 0 到 {side - 1} 之间。", z=z, x=x, y=y
        )


def vector_tile(
    session: Session, scope: Scope, layer: str, z: int, x: int, y: int, on: date, held: str | None = None
) -> Tile:
    """One tile of a layer, as far as a scope goes, as it stood on a local day. `held`: the browser's If-None-Match.

    Raises NotFoundError for an unknown layer and InvalidInputError for an address that does not exist.
    """
    check_address(z, x, y)
    if layer not in LAYERS:
        raise NotFoundError(f"没有名为「{layer}」的图层。可用图层：{'、'.join((*LAYERS, 'tracks'))}。", layer=layer)
    if layer == "defects":
        return _by_content(queries.tile(session, queries.DEFECTS, scope, z, x, y), held)
    # Read before the content: a change between the two makes one needless fetch, never a tile that stays old.
    etag = f'"t{queries.territory_version(session)}-{layer}-{on.isoformat()}-{scope.mark}"'
    if _matches(held, etag):
        return Tile(etag, None)
    return Tile(etag, _of_territory(session, scope, layer, z, x, y, on))


def _of_territory(session: Session, scope: Scope, layer: str, z: int, x: int, y: int, on: date) -> bytes:
    if layer == "units":
        level = level_at(z)
        coarser = list(LEVELS[: LEVELS.index(level)])
        return queries.tile(session, queries.UNITS, scope, z, x, y, level=level, coarser=coarser)
    if layer == "labels":
        named = {"levels": label_levels(z), "with_grids": z >= MIN_GRID_LABEL_ZOOM}
        return queries.tile(session, queries.LABELS, scope, z, x, y, on=on, **named)
    if layer == "grids":
        return queries.tile(session, queries.GRIDS, scope, z, x, y, on=on) if z >= MIN_GRID_ZOOM else b""
    return queries.tile(session, queries.EXCLUSIONS, scope, z, x, y, on=on)


def track_tile(
    session: Session,
    actor: Actor,
    z: int,
    x: int,
    y: int,
    on: date,
    days: int = DEFAULT_TRACK_DAYS,
    held: str | None = None,
) -> Tile:
    """One tile of the tracks of some days up to a local day, of the actor's scope; notes whose they are.

    Raises InvalidInputError for an address that does not exist.
    """
    check_address(z, x, y)
    body, walked = queries.tracks(session, actor.scope, z, x, y, queries.day_number(on), days)
    actor.facts["officer_codes"] = walked
    return _by_content(body, held)


def _by_content(body: bytes, held: str | None) -> Tile:
    # Patrols are accepted side by side, so no number tells which of them this tile has seen; its bytes do.
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Tile(etag, None if _matches(held, etag) else body)


def _matches(held: str | None, etag: str) -> bool:
    # Compared weakly, as If-None-Match is (RFC 9110, 13.1.2): compression on the way may have weakened the mark.
    return held is not None and etag in [mark.strip().removeprefix("W/") for mark in held.split(",")]


def freshness_tile(
    session: Session,
    settings: Settings,
    scope: Scope,
    z: int,
    x: int,
    y: int,
    cycle_days: int | None,
    on: date | None,
    held: str | None = None,
) -> Tile:
    """The picture (PNG) of how long ago each place of a scope was seen. Raises InvalidInputError."""
    etag = coverage.freshness_etag(session, settings, scope, z, x, y, cycle_days, on)
    if _matches(held, etag):
        return Tile(etag, None)
    body, etag = coverage.freshness_tile(session, settings, scope, z, x, y, cycle_days, on)
    return Tile(etag, body)


def epochs(session: Session) -> list[date]:
    """Days on which the shape of responsibility changed, ascending; between two of them tiles stay the same."""
    return queries.grid_epochs(session)


def children_geojson(session: Session, scope: Scope, code: str, on: date) -> dict[str, Any]:
    """A unit and its children on a day, as far as a scope goes, as a GeoJSON FeatureCollection.

    Raises NotFoundError for an unknown unit, ForbiddenError when nothing of it lies in the scope.
    """
    features = queries.children(session, scope, code, on)
    if not features:
        territory.unit_in_scope(session, scope, code)
    return {"type": "FeatureCollection", "features": features}
