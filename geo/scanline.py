"""Which cells lie in polygons: all crossings of edges and rows at once, then parity along each row.

A cell is inside when its centre is, edges straight in lon/lat; a centre on an edge belongs to the polygon to its east
(or south), so polygons that share an edge share no cell and leave none between. Every crossing is computed from the
edge alone: the answer does not depend on the window asked for, nor on the direction of the ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.daytiles import Cells
from geo.frame import Floats, Ints, to_cells, to_lonlat


class Window(NamedTuple):
    """Global columns [u0, u1) and rows [v0, v1) of cells."""

    u0: int
    v0: int
    u1: int
    v1: int

    def common(self, other: "Window") -> "Window | None":
        """What two windows have in common; None when nothing."""
        window = Window(max(self.u0, other.u0), max(self.v0, other.v0), min(self.u1, other.u1), min(self.v1, other.v1))
        return window if window.u0 < window.u1 and window.v0 < window.v1 else None

    def inside(self, outer: "Window") -> tuple[slice, slice]:
        """Rows and columns of this window in an array over an outer one."""
        return (
            slice(self.v0 - outer.v0, self.v1 - outer.v0),
            slice(self.u0 - outer.u0, self.u1 - outer.u0),
        )


@dataclass(frozen=True, slots=True)
class Outlines:
    """The edges of polygons, from north to south; those of geometry i are [first[i], first[i + 1])."""

    first: Ints
    u: Floats  # (edges, 2): column of the northern and southern end
    lat: Floats  # (edges, 2): their latitude
    rows: Ints  # (edges, 2): rows crossed, [from, to)
    bounds: Ints  # (geometries, 4): a Window each, empty for geometries without area

    def fill(self, index: int, window: Window) -> Cells:
        """Cells of a window that lie in geometry `index`, shape (rows, columns)."""
        edges = slice(self.first[index], self.first[index + 1])
        rows = np.clip(self.rows[edges], window.v0, window.v1) - window.v0
        count = rows[:, 1] - rows[:, 0]
        edge = np.repeat(np.arange(count.size), count)
        row = np.arange(edge.size) - np.repeat(np.cumsum(count) - count - rows[:, 0], count)
        _, row_lat = to_lonlat(0.0, np.arange(window.v0, window.v1) + 0.5)
        crossing = _crossings(self.u[edges][edge], self.lat[edges][edge], row_lat[row])
        width = window.u1 - window.u0
        column = np.clip(np.ceil(crossing - 0.5).astype(np.int64) - window.u0, 0, width)
        toggles = np.zeros((window.v1 - window.v0, width + 1), dtype=np.uint8)
        np.add.at(toggles.reshape(-1), row * (width + 1) + column, np.uint8(1))
        np.add.accumulate(toggles, axis=1, dtype=np.uint8, out=toggles)
        parity: Cells = (toggles[:, :width] & 1).view(np.bool_)
        return parity


def outlines(geometries: Sequence[BaseGeometry]) -> Outlines:
    """Outlines of lon/lat polygons and multipolygons. Raises GeometryError for what is off the frame or not finite."""
    rings, owner = _rings(geometries)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    u, v = to_cells(points[:, 0], points[:, 1])
    start = np.flatnonzero((ring[1:] == ring[:-1]) & (points[1:, 1] != points[:-1, 1]))
    southward = points[start, 1] > points[start + 1, 1]
    ends = np.column_stack([np.where(southward, start, start + 1), np.where(southward, start + 1, start)])
    edge_owner = owner[ring[start]]
    first = np.searchsorted(edge_owner, np.arange(len(geometries) + 1))
    rows = np.ceil(v[ends] - 0.5).astype(np.int64)
    return Outlines(first, u[ends], points[ends, 1], rows, _bounds(u, v, owner[ring], len(geometries)))


def _rings(geometries: Sequence[BaseGeometry]) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], Ints]:
    polygons, polygon_owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    rings, ring_polygon = shapely.get_rings(polygons, return_index=True)
    return rings, polygon_owner[ring_polygon].astype(np.int64)


def _bounds(u: Floats, v: Floats, owner: Ints, count: int) -> Ints:
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    uv = np.column_stack([u, v])
    np.minimum.at(low, owner, uv)
    np.maximum.at(high, owner, uv)
    bounds = np.ceil(np.hstack([low, high]) - 0.5)
    return np.where(np.isfinite(bounds), bounds, 0).astype(np.int64)


def _crossings(u: Floats, lat: Floats, at: Floats) -> Floats:
    """Column where each edge meets a latitude; kept between its ends, where rounding could lead it past them."""
    share = (at - lat[:, 0]) / (lat[:, 1] - lat[:, 0])
    meeting = u[:, 0] + share * (u[:, 1] - u[:, 0])
    return np.clip(meeting, u.min(axis=1), u.max(axis=1))
