"""Cut a polygon into compact pieces that share their edges exactly and leave nothing out."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from shapely import MultiPoint, Polygon

from demo.plane import Plane

Floats = npt.NDArray[np.float64]

LLOYD_ROUNDS = 40
SAMPLES_PER_PIECE = 150


def cells_of(region: Polygon, sites: Floats) -> list[Polygon]:
    """The Voronoi cells of `sites` (lon/lat, shape (n, 2)) cut to `region`, in the order of the sites.

    The region's boundary and all edges are noded together before polygons are made of them, so neighbours have the
    very same vertices. A part cut off from its site by a bend of the region goes to the neighbour it touches longest.
    """
    if len(sites) == 1:
        return [region]
    plane = Plane.around(region)
    edges = shapely.voronoi_polygons(
        MultiPoint(plane.to_m(sites)), extend_to=plane.metric(region).envelope.buffer(1000), only_edges=True
    )
    noded = shapely.union_all([region.boundary, plane.geographic(edges)])
    faces = [face for face in shapely.polygonize([noded]).geoms if region.contains(face.representative_point())]
    inner = plane.to_m(np.array([face.representative_point().coords[0] for face in faces]))
    owner = cKDTree(plane.to_m(sites)).query(inner)[1]
    return _merge(faces, [int(n) for n in owner], sites)


def _merge(faces: list[Polygon], owner: list[int], sites: Floats) -> list[Polygon]:
    homes: dict[int, list[int]] = {}
    for index, site in enumerate(owner):
        homes.setdefault(site, []).append(index)
    groups: dict[int, list[Polygon]] = {}
    strays: list[Polygon] = []
    for site, members in homes.items():
        home = max(members, key=lambda n: (faces[n].covers(shapely.Point(sites[site])), faces[n].area))
        groups[site] = [faces[home]]
        strays.extend(faces[n] for n in members if n != home)
    for stray in strays:
        touch = {site: shapely.union_all(parts).intersection(stray).length for site, parts in groups.items()}
        groups[max(touch, key=lambda site: (touch[site], -site))].append(stray)
    return [_one(groups[site]) for site in range(len(sites))]


def _one(parts: list[Polygon]) -> Polygon:
    merged = shapely.coverage_union_all(parts) if len(parts) > 1 else parts[0]
    if merged.geom_type == "MultiPolygon" and len(merged.geoms) == 1:
        return merged.geoms[0]
    return merged


def compact_sites(region: Polygon, count: int, rng: np.random.Generator) -> Floats:
    """`count` positions (lon/lat) spread evenly over a region: Lloyd's rounds over random points inside it."""
    plane = Plane.around(region)
    points = points_inside(plane.metric(region), count * SAMPLES_PER_PIECE, rng)
    centres = rng.choice(points, count, replace=False)
    for _ in range(LLOYD_ROUNDS):
        nearest = cKDTree(centres).query(points)[1]
        size = np.maximum(np.bincount(nearest, minlength=count), 1)
        centres = np.column_stack([np.bincount(nearest, points[:, axis], count) / size for axis in (0, 1)])
    return plane.to_degrees(centres)


def points_inside(polygon: Any, count: int, rng: np.random.Generator) -> Floats:
    """`count` uniform random points inside a polygon, shape (count, 2), in the polygon's own coordinates."""
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found = np.empty((0, 2))
    while len(found) < count:
        draw = rng.uniform((west, south), (east, north), (count * 2, 2))
        found = np.concatenate([found, draw[shapely.contains_xy(polygon, draw)]])
    return found[:count]
