"""The peers: the same question answered by exact vectors, in PostGIS and in shapely.

Both get their tracks already cleaned, which favours them. The metric plane is a transverse Mercator centred on the
grid, where a metre is a metre within 1e-8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from sqlalchemy import Connection, text

from bench.synthetic import Box

QUAD_SEGS = 8


@dataclass(frozen=True)
class Line:
    """A patrol's cleaned track: its day and its unbroken lines, lon/lat."""

    day: int
    parts: Sequence[np.ndarray]


class Plane:
    """A metric plane centred on a box."""

    def __init__(self, box: Box) -> None:
        lon, lat = (box.west + box.east) / 2, (box.south + box.north) / 2
        self.definition = f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +ellps=WGS84 +units=m"
        self._forward = pyproj.Transformer.from_crs("EPSG:4326", self.definition, always_xy=True)

    def project(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """A lon/lat geometry in metres."""
        return shapely.transform(geometry, lambda xy: np.column_stack(self._forward.transform(xy[:, 0], xy[:, 1])))


def swath(plane: Plane, line: Line, half_width_m: float) -> shapely.Geometry:
    """The exact strip that a track sees, in metres: every point within the half-width."""
    lines = shapely.MultiLineString([shapely.LineString(part) for part in line.parts if len(part) > 1])
    return shapely.buffer(plane.project(lines), half_width_m, quad_segs=QUAD_SEGS)


def shapely_covered_m2(area: shapely.Geometry, swaths: Sequence[shapely.Geometry]) -> float:
    """What is covered of a grid: its area less what no strip reaches."""
    return float(area.area - shapely.difference(area, shapely.union_all(np.array(swaths))).area)


class PostgisPeer:
    """Tracks in a table with a spatial index; a grid's uncovered rest by ST_Difference and ST_Union of their strips.

    `strip` is stored beside the line for the variant that finds its strips ready, at the price that the half-width can
    no longer be a setting.
    """

    def __init__(self, connection: Connection, plane: Plane, box: Box, half_width_m: float) -> None:
        self.connection = connection
        self.plane = plane
        self.half_width_m = half_width_m
        self.area = plane.project(shapely.Polygon(box.ring()))
        self._run("DROP TABLE IF EXISTS peer_track")
        self._run("CREATE TABLE peer_track (day integer, line geometry, strip geometry)")
        self._run("CREATE INDEX ON peer_track USING gist (line)")

    def _run(self, sql: str) -> None:
        self.connection.execute(text(sql))
        self.connection.commit()

    def add(self, line: Line, *, ready: bool) -> None:
        """Store one track, with its strip if it is to be ready, and commit."""
        lines = shapely.MultiLineString([shapely.LineString(part) for part in line.parts if len(part) > 1])
        self.connection.execute(
            text(
                "INSERT INTO peer_track VALUES (:day, ST_GeomFromWKB(:wkb), "
                "CASE WHEN :ready THEN ST_Buffer(ST_GeomFromWKB(:wkb), :half_width_m, 8) END)"
            ),
            {
                "day": line.day,
                "wkb": shapely.to_wkb(self.plane.project(lines)),
                "half_width_m": self.half_width_m,
                "ready": ready,
            },
        )
        self.connection.commit()

    def covered_m2(self, after_day: int, *, ready: bool) -> float:
        """What the strips after a day cover of the grid, from ready strips or from the lines."""
        strip = "strip" if ready else "ST_Buffer(line, :half_width_m, 8)"
        rest_m2 = self.connection.execute(
            text(
                f"SELECT ST_Area(ST_Difference(a, (SELECT ST_Union({strip}) FROM peer_track "  # noqa: S608 - constants
                "WHERE day > :after_day AND ST_DWithin(line, a, :half_width_m)))) FROM ST_GeomFromWKB(:wkb) AS a"
            ),
            {"wkb": shapely.to_wkb(self.area), "after_day": after_day, "half_width_m": self.half_width_m},
        ).scalar_one()
        self.connection.commit()
        return float(self.area.area) - float(rest_m2)
