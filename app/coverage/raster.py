"""How long ago each place was seen, as a picture: one palette PNG per map tile."""

import hashlib
import io
from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
from PIL import Image
from sqlalchemy.orm import Session

from app.coverage import asof
from app.coverage.days import asked_cycle, asked_day
from app.coverage.queries import looks as sql
from app.coverage.queries import report
from app.coverage.queries.looks import DECLARED, TRACKED, LayerKey
from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from geo.daytiles import NEVER, Cells, DayTile, day_number
from geo.frame import TILE_SIZE, ZOOM, TileKey
from geo.zones import OUTSIDE, decode_mask

MIN_ZOOM = 12
MAX_ZOOM = ZOOM
Classes = npt.NDArray[np.uint8]

# Class by palette index: seen within the first, second, last third of the cycle, longer ago, only declared in cycle.
CLASSES = ("never", "fresh", "middle", "due_soon", "stale", "declared")
COLOURS = ("#000000", "#225ea8", "#41b6c4", "#a1dab4", "#ffffb2", "#c994c7")
_ALPHA = bytes([0, 190, 190, 190, 190, 190])


def freshness_png(session: Session, scope: Scope, z: int, x: int, y: int, cycle_days: int, on: date) -> bytes:
    """The picture of a map tile (256 x 256 pixels), `on` a local day; transparent where never seen or out of scope.

    A pixel is one cell at zoom 15 and the nearest cell below. Raises InvalidInputError for tiles that are not served.
    """
    step = 1 << (ZOOM - _checked(z, x, y))
    today = day_number(on)
    tiles = asof.day_tiles(session, _tiles(step, x, y), today)
    size = TILE_SIZE // step
    picture = np.zeros((TILE_SIZE, TILE_SIZE), dtype=np.uint8)
    for place in {TileKey(key.x, key.y) for key in tiles}:
        top, left = (place.y - y * step) * size, (place.x - x * step) * size
        tracked, declared = (_sampled(tiles.get(LayerKey(*place, kind)), step) for kind in (TRACKED, DECLARED))
        picture[top : top + size, left : left + size] = _classes(tracked, declared, cycle_days, today)
    if not scope.is_everything:
        picture[~_in_scope(session, scope, z, x, y, today)] = 0
    return _png(picture)


def freshness_tile(
    session: Session,
    settings: Settings,
    scope: Scope,
    z: int,
    x: int,
    y: int,
    cycle_days: int | None = None,
    on: date | None = None,
) -> tuple[bytes, str]:
    """The picture of a map tile and its strong ETag; today, and the cycle of medium risk, unless others are asked for.

    Raises InvalidInputError. The ETag is read before the picture: a change between the two costs one needless fetch.
    """
    mark = freshness_etag(session, settings, scope, z, x, y, cycle_days, on)
    cycle = asked_cycle(cycle_days) or settings.cycle_days.medium
    return freshness_png(session, scope, z, x, y, cycle, asked_day(settings, on)), mark


def freshness_etag(
    session: Session,
    settings: Settings,
    scope: Scope,
    z: int,
    x: int,
    y: int,
    cycle_days: int | None = None,
    on: date | None = None,
) -> str:
    """Only the ETag of `freshness_tile`: from the versions of all its day tiles, the day, the cycle and the scope.

    Not from the newest version alone: of two writers the one with the larger number may commit first.
    """
    block = _block(z, x, y)
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days) or settings.cycle_days.medium
    # Where a scope ends moves with territory.
    within = None if scope.is_everything else (scope.mark, territory.territory_version(session))
    facts = (sql.tile_versions(session, *block), cycle, day.isoformat(), COLOURS, within)
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def _checked(z: int, x: int, y: int) -> int:
    if not MIN_ZOOM <= z <= MAX_ZOOM:
        raise InvalidInputError(f"新鲜度图层只有 {MIN_ZOOM} 到 {MAX_ZOOM} 级，收到的是 {z} 级。", z=z)
    side = 1 << z
    if not (0 <= x < side and 0 <= y < side):
        raise InvalidInputError(f"瓦片 {z}/{x}/{y} 不存在：第 {z} 级的行列号是 0 到 {side - 1}。", x=x, y=y)
    return z


def _block(z: int, x: int, y: int) -> tuple[int, int, int, int]:
    """The cells' tiles under a map tile: x0, y0, x1, y1, both ends in it."""
    step = 1 << (ZOOM - _checked(z, x, y))
    return x * step, y * step, (x + 1) * step - 1, (y + 1) * step - 1


def _in_scope(session: Session, scope: Scope, z: int, x: int, y: int, day: int) -> Cells:
    """Which pixels of a map tile lie in some zone of a scope."""
    step = 1 << (ZOOM - z)
    size = TILE_SIZE // step
    inside = np.zeros((TILE_SIZE, TILE_SIZE), dtype=np.bool_)
    for place, mask in report.masks_in_scope(session, scope, _block(z, x, y), day):
        top, left = (place.y - y * step) * size, (place.x - x * step) * size
        inside[top : top + size, left : left + size] |= (
            decode_mask(mask)[step // 2 :: step, step // 2 :: step] != OUTSIDE
        )
    return inside


def _tiles(step: int, x: int, y: int) -> Iterable[TileKey]:
    return [TileKey(x * step + i, y * step + j) for i in range(step) for j in range(step)]


def _sampled(tile: DayTile | None, step: int) -> DayTile:
    if tile is None:
        return np.zeros((TILE_SIZE // step, TILE_SIZE // step), dtype=np.uint16)
    return tile[step // 2 :: step, step // 2 :: step]


def _classes(tracked: DayTile, declared: DayTile, cycle_days: int, today: int) -> Classes:
    """The palette index of each cell."""
    age = today - tracked.astype(np.int32)
    # Bounds in thirds of the cycle; compared in whole numbers so that no day falls between two classes.
    classes = np.select(
        [tracked == NEVER, age * 3 < cycle_days, age * 3 < cycle_days * 2, age < cycle_days], [0, 1, 2, 3], 4
    ).astype(np.uint8)
    vouched = (declared != NEVER) & (today - declared.astype(np.int32) < cycle_days)
    classes[((classes == 0) | (classes == 4)) & vouched] = 5
    classes[(classes == 0) & (declared != NEVER)] = 4
    return classes


def _png(picture: Classes) -> bytes:
    image = Image.frombytes("P", picture.shape, picture.tobytes())
    image.putpalette(b"".join(bytes.fromhex(colour[1:]) for colour in COLOURS))
    out = io.BytesIO()
    image.save(out, format="PNG", transparency=_ALPHA, optimize=False, compress_level=6)
    return out.getvalue()
