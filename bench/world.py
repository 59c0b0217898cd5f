"""A database with a synthetic city in it, made afresh for a bench and dropped by the next."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app import migrate
from app.actor import terminal
from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.embedded import EmbeddedCluster
from app.patrols import service as patrols
from app.patrols.schemas import PatrolIn
from app.settings import Settings, get_settings
from bench.harness import elapsed_ms
from bench.synthetic import Box, lattice, walk
from geo.tracks import MODE_RULES, Fixes, Mode, Track, clean

ROOT = Path(".data/bench")
FIXES = 1_000
GRID_SIDE_M = 836.0  # 0.7 km2, the size of the design's prototype
OFFICER = "bench"
TODAY = date(2026, 6, 30)


@dataclass(frozen=True)
class World:
    """A synthetic city in a database."""

    url: str
    engine: Engine
    settings: Settings
    boxes: list[Box]
    painted_ms: float

    def grid_code(self, index: int) -> str:
        """The code of the grid of `boxes[index]`."""
        return f"G{index:06d}"


@contextlib.contextmanager
def world(name: str, columns: int, rows: int, villages: int = 1, towns: int = 1, counties: int = 1) -> Iterator[World]:
    """A database `bench_<name>` with columns x rows grids of 0.7 km2 in one city of so many villages, towns, counties.

    Each unit is a band of rows, or a part of one row.
    """
    base = get_settings()
    with contextlib.ExitStack() as stack:
        url = os.environ.get("WUYILOU_BENCH_DATABASE_URL")  # never the product's own: its contents are dropped
        if not url:
            cluster = stack.enter_context(EmbeddedCluster(ROOT, durable=True))
            url = cluster.url(f"bench_{name}")
        engine = make_engine(url)
        stack.callback(engine.dispose)
        _empty(engine)
        settings = base.model_copy(update={"database_url": url})
        boxes = lattice(columns, rows, GRID_SIDE_M)
        with transaction(engine) as session:
            _territory(session, boxes, (counties, towns, villages))
        yield World(url, engine, settings, boxes, elapsed_ms(lambda: _paint(engine, boxes)))


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate.upgrade(engine)


def _multipolygon(*boxes: Box) -> str:
    return str(shapely.MultiPolygon([shapely.union_all([shapely.Polygon(b.ring()) for b in boxes])]).wkt)


def _territory(session: Session, boxes: list[Box], numbers: tuple[int, int, int]) -> None:
    """A city, its counties, towns, villages (so many in all) and grids, as rows of the tables."""
    units = [_unit("320400000000", "city", ["320400000000"], boxes)]
    parents = [(["320400000000"], boxes)]
    # Level, how many digits of a code are the parent's and how many its own, the first number.
    levels = (("county", 4, 2, 4), ("town", 6, 3, 1), ("village", 9, 3, 1))
    for (level, kept, own, first), number in zip(levels, numbers, strict=True):
        size, below = len(boxes) // number, []
        for path, band in parents:
            for at in range(len(band) // size):
                code = f"{path[-1][:kept]}{first + at:0{own}d}".ljust(12, "0")
                below.append(([*path, code], band[at * size : (at + 1) * size]))
        units += [_unit(path[-1], level, path, band) for path, band in below]
        parents = below
    grids = [
        {"code": f"G{at:06d}", "unit": path[-1], "wkt": _multipolygon(box)}
        for at, (path, box) in enumerate((path, box) for path, band in parents for box in band)
    ]
    session.execute(text(_UNIT_SQL), units)
    session.execute(text(_GRID_SQL), grids)
    session.execute(text("INSERT INTO officer (code, name) VALUES (:code, '测试员')"), {"code": OFFICER})


def _paint(engine: Engine, boxes: list[Box]) -> None:
    area = shapely.box(boxes[0].west, boxes[0].south, boxes[-1].east, boxes[-1].north)
    with transaction(engine) as session:
        coverage.repaint(session, area, TODAY - timedelta(days=400))


def _unit(code: str, level: str, path: list[str], band: list[Box]) -> dict[str, Any]:
    edge = Box(band[0].west, band[0].south, band[-1].east, band[-1].north)
    parent = path[-2] if len(path) > 1 else None
    return {"code": code, "level": level, "parent": parent, "path": ".".join(path), "wkt": _multipolygon(edge)}


_UNIT_SQL = """
INSERT INTO unit (code, name, level, parent_code, path, geom, label_point, area_m2, source_datum)
SELECT :code, :code, :level, :parent, CAST(:path AS ltree), g, ST_PointOnSurface(g), ST_Area(g::geography), 'WGS-84'
FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g
""".replace("g::geography", "CAST(g AS geography)")

_GRID_SQL = """
INSERT INTO grid (code, name, unit_code, risk, cycle_days, geom, label_point, area_m2, source_datum, valid_from)
SELECT :code, :code, :unit, 'medium', 15, g, ST_PointOnSurface(g), ST_Area(CAST(g AS geography)), 'WGS-84', '2020-01-01'
FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g
"""


def patrol_body(box: Box, day: date, seed: int, fixes: int = FIXES) -> dict[str, Any]:
    """The JSON of one officer's walk in a grid on a day, as a phone would send it."""
    started = datetime.combine(day, time(8, 0), tzinfo=get_settings().zone)
    made = walk(box, fixes, int(started.timestamp() * 1000), seed)
    columns = zip(*(np.asarray(made[k]).tolist() for k in ("lon", "lat", "time_ms", "accuracy_m")), strict=True)
    return {
        "id": str(uuid.UUID(int=seed + (1 << 100))),
        "officer_code": OFFICER,
        "mode": "foot",
        "datum": "WGS-84",
        "fixes": [{"lon": lon, "lat": lat, "time": ms, "accuracy_m": acc} for lon, lat, ms, acc in columns],
    }


def take_in(session: Session, settings: Settings, body: dict[str, Any]) -> None:
    """Accept one patrol in an open transaction, as the route does."""
    patrols.accept(session, settings, terminal(), PatrolIn.model_validate(body))


def track_of(body: dict[str, Any]) -> Track:
    """The cleaned track of a patrol's JSON on foot."""
    columns = [np.array([fix[key] for fix in body["fixes"]]) for key in ("lon", "lat", "time", "accuracy_m")]
    return clean(Fixes.of(*columns), MODE_RULES[Mode.FOOT])
