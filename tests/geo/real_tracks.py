"""The real movement of the demo's and the tests' data, as fixes: 805 tracks of people, and two hikes."""

import csv
import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import gpxpy
import numpy as np

from geo.tracks import Fixes, Mode

ROOT = Path(__file__).parents[2]
MODES = {"OnFoot": Mode.FOOT, "Driving": Mode.VEHICLE}
LON_PER_M, LAT_PER_M = 1 / 94_700, 1 / 110_900
START_MS = 1_760_000_000_000
FEWEST = 10


@lru_cache(maxsize=1)
def people() -> list[Fixes]:
    """Each track as a whole; accuracy was not recorded."""
    return [_fixes(rows) for rows in _rows()]


def parts() -> Iterator[tuple[Fixes, Mode]]:
    """The parts of the tracks, each in the mode of its label."""
    for rows in _rows():
        for label, part in groupby(rows, key=lambda row: row["groundtruth"]):
            members = list(part)
            if len(members) >= FEWEST:
                yield _fixes(members), MODES[label]


@lru_cache(maxsize=1)
def _rows() -> list[list[dict[str, str]]]:
    with zipfile.ZipFile(ROOT / "demo" / "data" / "goal_trajectories.zip") as archive:
        texts = [archive.read(name).decode("utf-8") for name in sorted(archive.namelist())]
    return [list(csv.DictReader(io.StringIO(text))) for text in texts]


@lru_cache(maxsize=1)
def hikes() -> list[tuple[Fixes, Mode]]:
    """The stretches of two hikes."""
    return [
        (fixes, Mode.FOOT) for path in sorted((ROOT / "tests" / "data").glob("*.gpx")) for fixes in _stretches(path)
    ]


def _fixes(rows: list[dict[str, str]]) -> Fixes:
    when_ms = np.array([row["timestamp"] for row in rows], dtype="datetime64[ns]").astype(np.int64) // 1_000_000
    lon = 119.95 + np.array([float(row["x"]) for row in rows]) * LON_PER_M
    lat = 31.80 + np.array([float(row["y"]) for row in rows]) * LAT_PER_M
    return Fixes.of(lon, lat, when_ms - when_ms[0] + START_MS)


def _stretches(path: Path) -> Iterator[Fixes]:
    for track in gpxpy.parse(path.read_text("utf-8")).tracks:
        for segment in track.segments:
            points = [point for point in segment.points if point.time is not None]
            if len(points) >= FEWEST:
                times = [int(point.time.timestamp() * 1000) for point in points if point.time is not None]
                yield Fixes.of([p.longitude for p in points], [p.latitude for p in points], times)
