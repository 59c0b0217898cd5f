"""(i) 50,000 sites with 100,000 tenancies: what a look at them costs.

The peer of the same run is what maps without tiles do: every site as one GeoJSON document, from the same database.
"""

import gzip
import math
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, text

from app.actor import terminal
from app.db import transaction
from app.scope import EVERYTHING
from app.settings import Settings
from app.sites import checking, omitted, reading, tiles
from app.sites.schemas import SiteFilter
from bench.harness import elapsed_ms, emit, median_ms, progress
from bench.synthetic import Box
from bench.world import World, world
from geo.daytiles import day_number

SITES = 50_000
TENANCIES_PER_SITE = 2
COLUMNS, ROWS, VILLAGES = 100, 70, 70  # 7,000 grids, 4,900 km2
VISITED_SHARE = 0.7
RUNS = 5
ZOOMS = (5, 8, 10, 12, 14, 16)
SEED = 0.42

_SITES = text(
    """INSERT INTO site (id, code, name, kind, occupancy, risk, point, outline, source_datum, stated_unit_code,
        unit_path, created_by, dust_kind)
    SELECT gen_random_uuid(), 'C' || n, '测试厂房' || n, (ARRAY['factory', 'warehouse', 'workshop', 'farm'])[1 + n % 4],
        (ARRAY['leased', 'idle', 'own_use', 'multi_tenant'])[1 + n % 4], (ARRAY['high', 'medium', 'low'])[1 + n % 3],
        p, ST_Multi(ST_Buffer(p, 0.0003, 8)), 'WGS-84', u.code, u.path, 'bench', CASE WHEN n % 50 = 0 THEN '铝粉' END
    FROM (SELECT n, ST_SetSRID(ST_MakePoint(:west + :width * random(), :south + :height * random()), 4326) AS p
          FROM generate_series(1, :sites) AS n) AS made, (SELECT code, path FROM unit WHERE level = 'village' LIMIT 1)
        AS u"""
)
_TENANCIES = text(
    """INSERT INTO tenancy (id, site_id, tenant_name, started_on, sublets, created_by)
    SELECT gen_random_uuid(), s.id, '租户' || s.code || '-' || k, DATE '2026-01-01', 'none', 'bench'
    FROM site s, generate_series(1, :each) AS k"""
)
_VISITS = text(
    """WITH e AS (
        INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by, received_at)
        SELECT id, 'visit', 'bench', now(), now(), '{}', 'none', 'bench', now() FROM site WHERE random() < :share
        RETURNING id)
    INSERT INTO visit (id, site_id, officer_code, visited_at, utc_offset_s, day, result, checklist, datum, sent,
        content_digest, answer, position, distance_m, position_accuracy_m)
    SELECT e.id, e.id, 'bench', now(), 28800, :day - CAST(random() * 40 AS int), 'nothing_found', '{}', 'WGS-84', '{}',
        '\\x00', '{}', s.point, 10, 5 FROM e JOIN site s ON s.id = e.id"""
)
_MET = text(
    """INSERT INTO visit_tenancy SELECT v.id, t.id, true FROM visit v JOIN tenancy t ON t.site_id = v.site_id
    WHERE random() < 0.9"""
)
_ALL_AS_GEOJSON = text(
    """SELECT CAST(json_build_object('type', 'FeatureCollection', 'features', json_agg(ST_AsGeoJSON(r, 'point', 6)))
        AS text)
    FROM (SELECT s.id, s.code, s.name, s.kind, s.occupancy, s.risk, c.last_visit_day, s.point
          FROM site s LEFT JOIN site_check c ON c.site_id = s.id) AS r"""
)


def run() -> None:
    """Make the city, then time its derived facts, its tiles, its lists, and the peer."""
    progress(f"(i) {SITES} sites")
    with world("sites", COLUMNS, ROWS, VILLAGES) as city:
        box = box_of(city)
        fill(city, box, day_number(city.settings.today()))
        _derived(city)
        whole_ms = _peer(city.engine)
        _tiles(city, box, whole_ms)
        _lists(city.engine, city.settings)


def box_of(city: World) -> Box:
    """All of the city."""
    first, last = city.boxes[0], city.boxes[-1]
    return Box(first.west, first.south, last.east, last.north)


def fill(city: World, box: Box, day: int) -> None:
    """Sites and tenancies all over a box, most of them visited within the 40 days before a day (since 2000-01-01)."""
    place = {"west": box.west, "south": box.south, "width": box.east - box.west, "height": box.north - box.south}
    with transaction(city.engine) as session:
        session.execute(text("SELECT setseed(:seed)"), {"seed": SEED})
        session.execute(_SITES, {"sites": SITES, **place})
        session.execute(_TENANCIES, {"each": TENANCIES_PER_SITE})
        session.execute(_VISITS, {"share": VISITED_SHARE, "day": day})
        session.execute(_MET)
    _analyze(city.engine)


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _derived(city: World) -> None:
    """Which grid each site lies in, and when each was last checked: made anew for all."""

    def relocate() -> None:
        with transaction(city.engine) as session:
            checking.relocate(session, None, city.settings.today() - timedelta(days=30), "bench")

    def rebuild() -> None:
        with transaction(city.engine) as session:
            checking.rebuild(session, city.settings)

    emit("sites", "relocate_all", sites=SITES, seconds=elapsed_ms(relocate) / 1e3)
    emit("sites", "rebuild_all", sites=SITES, seconds=elapsed_ms(rebuild) / 1e3)
    _analyze(city.engine)


def _peer(engine: Engine) -> float:
    """The whole list as one document, as it would be sent."""
    size = 0

    def document() -> None:
        nonlocal size
        with engine.connect() as connection:
            size = len(gzip.compress(connection.execute(_ALL_AS_GEOJSON).scalar_one().encode(), 6))

    whole_ms = median_ms(document, RUNS)
    emit("sites", "peer_geojson_of_all", sites=SITES, ms=whole_ms, gzip_kb=size / 1e3)
    return whole_ms


def _tiles(city: World, box: Box, whole_ms: float) -> None:
    lon, lat = (box.west + box.east) / 2, math.radians((box.south + box.north) / 2)
    for zoom in ZOOMS:
        x = int((lon + 180) / 360 * 2**zoom)
        y = int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom)
        size, one_ms = _tile(city, SiteFilter(), (zoom, x, y))
        emit("sites", f"tile_z{zoom}", ms=one_ms, kb=size / 1e3, times_faster_than_peer=whole_ms / one_ms)
    _, filtered_ms = _tile(city, SiteFilter(omission="overdue"), (zoom, x, y))
    emit("sites", f"tile_z{zoom}_overdue", ms=filtered_ms)


def _tile(city: World, asked: SiteFilter, at: tuple[int, int, int]) -> tuple[int, float]:
    size = 0

    def one() -> None:
        nonlocal size
        with transaction(city.engine) as session:
            size = len(tiles.tile(session, city.settings, EVERYTHING, asked, *at, None).body or b"")

    one_ms = median_ms(one, RUNS)
    return size, one_ms


def _lists(engine: Engine, settings: Settings) -> None:
    def page(**asked: object) -> Callable[[], None]:
        def look() -> None:
            with transaction(engine) as session:
                reading.page(session, settings, terminal(), SiteFilter.model_validate(asked), 100, 0)

        return look

    def left_out() -> None:
        with transaction(engine) as session:
            omitted.left_out(session, settings, terminal(), None, None, 100, 0)

    looks = {
        "list": page(),
        "list_by_name": page(q="租户C12"),
        "list_overdue_high": page(state=["overdue"], risk=["high"]),
        "omissions": left_out,
    }
    for name, look in looks.items():
        emit("sites", name, sites=SITES, ms=median_ms(look, RUNS))
