"""Vector tiles of sites: clusters counted here from afar or where a tile is crowded, else single sites."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.sites import reading
from app.sites.queries import tiles
from app.sites.schemas import SiteFilter

MAX_ZOOM = 22
SINGLE_FROM_ZOOM = 13
MOST_SINGLE = 3000  # more in a tile are clustered at any zoom: a picture of dots upon dots tells nothing


@dataclass(frozen=True)
class Tile:
    """A tile's bytes (None: the browser's copy is still right) and its strong ETag."""

    etag: str
    body: bytes | None


def tile(
    session: Session, settings: Settings, scope: Scope, wanted: SiteFilter, z: int, x: int, y: int, held: str | None
) -> Tile:
    """One tile of the sites of a scope that pass the filters. `held`: the browser's If-None-Match.

    Raises InvalidInputError for an address that does not exist, NotFoundError or ForbiddenError for the unit.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidInputError(f"瓦片地址 {z}/{x}/{y} 不存在。", z=z, x=x, y=y)
    values = {**reading.filtered(session, settings, scope, wanted), **tiles.tile_values(z, x, y)}
    is_single = z >= SINGLE_FROM_ZOOM and tiles.how_many(session, values, MOST_SINGLE + 1) <= MOST_SINGLE
    body = (tiles.points if is_single else tiles.clusters)(session, wanted.omission, values)
    # Visits are taken in side by side, so no number tells which of them this tile has seen; its bytes do.
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_held = held is not None and etag in [mark.strip().removeprefix("W/") for mark in held.split(",")]
    return Tile(etag, None if is_held else body)
