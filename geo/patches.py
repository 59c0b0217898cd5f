"""Sizes of a zone's blind spots without their outlines: what a search needs to find the few that are worth drawing."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from geo.daytiles import NEVER, Cells, DayTile
from geo.frame import TILE_SIZE, Ints, TileKey, tile_row_area_cm2
from geo.zones import CLASS_BITS, DOMAIN, Mask

Labels = npt.NDArray[np.int32]


class Patches(NamedTuple):
    """Blind spots of one zone as parallel arrays, largest first: ground in whole cm2, and the latest day seen."""

    area_cm2: Ints
    never_seen_cm2: Ints
    last_seen_day: Ints


def measure(masks: Mapping[TileKey, Mask], last_seen: Mapping[TileKey, DayTile], covered_after: int) -> Patches:
    """Connected patches of DOMAIN cells last seen on or before day `covered_after`, or never; none give empty arrays.

    `last_seen` holds the later of the tracked and declared day, (256, 256) a tile; a missing tile was never seen. Cells
    hang together across their sides, also over tile borders; the same patches as `geo.blindspots.blind_spots`.
    """
    blind = {key: _blind(mask, last_seen.get(key), covered_after) for key, mask in masks.items()}
    blind = {key: cells for key, cells in blind.items() if cells.any()}
    if not blind:
        return Patches(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
    labels, count = _labelled(blind)
    area, never, last = (np.zeros(count + 1, dtype=np.int64) for _ in range(3))
    for key, label in labels.items():
        at = np.flatnonzero(label)
        of = label.ravel()[at]
        ground = tile_row_area_cm2(key.y).astype(np.float64)[at // TILE_SIZE]  # sums of whole cm2 below 2^53 are exact
        day = last_seen[key].ravel()[at].astype(np.int64) if key in last_seen else np.zeros(at.size, dtype=np.int64)
        area += np.bincount(of, ground, count + 1).astype(np.int64)
        never += np.bincount(of, ground * (day == NEVER), count + 1).astype(np.int64)
        np.maximum.at(last, of, day)
    order = 1 + np.argsort(-area[1:], kind="stable")
    return Patches(area[order], never[order], last[order])


def _blind(mask: Mask, last_seen: DayTile | None, covered_after: int) -> Cells:
    domain: Cells = (mask & CLASS_BITS) == DOMAIN
    return domain if last_seen is None else domain & (last_seen <= max(covered_after, NEVER))


def _labelled(
    blind: Mapping[TileKey, Cells],
) -> tuple[dict[TileKey, Labels], int]:
    """Patch numbers from 1 in each tile, 0 elsewhere, and how many there are."""
    x0, y0 = min(key.x for key in blind), min(key.y for key in blind)
    columns, rows = max(key.x for key in blind) - x0 + 1, max(key.y for key in blind) - y0 + 1
    whole = np.zeros((rows * TILE_SIZE, columns * TILE_SIZE), dtype=np.bool_)
    at = {key: np.s_[(key.y - y0) * TILE_SIZE :, (key.x - x0) * TILE_SIZE :] for key in blind}
    for key, cells in blind.items():
        whole[at[key]][:TILE_SIZE, :TILE_SIZE] = cells
    labels, count = ndimage.label(whole)
    return {key: labels[at[key]][:TILE_SIZE, :TILE_SIZE] for key in blind}, int(count)
