"""Vector tiles of a list's rows: single ones near by, counted from afar or where a tile is crowded."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import figures, service
from app.baselines.queries import tiles
from app.baselines.schemas import RowState
from app.errors import InvalidInputError
from app.settings import Settings

MAX_ZOOM = 22
SINGLE_FROM_ZOOM = 12
MOST_SINGLE = 3000


@dataclass(frozen=True)
class Tile:
    """A tile's bytes (None: the browser's copy is still right) and its strong ETag."""

    etag: str
    body: bytes | None


@dataclass(frozen=True)
class TileQuery:
    """Which tile of which rows."""

    baseline_id: UUID
    z: int
    x: int
    y: int
    state: RowState | None = None
    checked: bool | None = None


def tile(session: Session, settings: Settings, actor: Actor, asked: TileQuery, held: str | None) -> Tile:
    """One tile of the rows in the actor's scope. `held`: the browser's If-None-Match.

    Raises InvalidInputError for an address that does not exist, NotFoundError or ForbiddenError for the list.
    """
    z, x, y = asked.z, asked.x, asked.y
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidInputError(f"瓦片地址 {z}/{x}/{y} 不存在。", z=z, x=x, y=y)
    service.seen(session, actor, asked.baseline_id)
    known = figures.checked(session, settings, actor.scope, [asked.baseline_id], settings.today())
    values = {"id": asked.baseline_id, "z": z, "x": x, "y": y, "state": asked.state, "checked": asked.checked, **known}
    many = tiles.how_many(session, asked.baseline_id, z, x, y, MOST_SINGLE + 1) > MOST_SINGLE
    body = (tiles.points if z >= SINGLE_FROM_ZOOM and not many else tiles.clusters)(session, actor.scope, values)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_held = held is not None and etag in [mark.strip().removeprefix("W/") for mark in held.split(",")]
    return Tile(etag, None if is_held else body)
