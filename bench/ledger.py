"""Everything beside patrols that a city of 7,000 grids keeps: people, sites, leads, lists, cases, doubts, requests."""

from sqlalchemy import Engine, text

from app.db import transaction
from app.sites import checking
from bench import sites
from bench.world import TODAY, World
from geo.daytiles import day_number

LEADS, CASES, ROWS, REQUESTS, DOUBTED_SHARE = 10_000, 2_000, 50_000, 200, 0.01
SEED = 0.24

# One person a village, in charge of all of its grids but a few.
_OFFICERS = """INSERT INTO officer (code, name) SELECT 'W' || code, '网格员' FROM unit WHERE level = 'village'"""
_CHARGES = """INSERT INTO grid_officer (grid_code, officer_code, valid_from)
    SELECT code, 'W' || unit_code, '2020-01-01' FROM grid WHERE random() < 0.98"""
# They stand where their papers say, and have stood there since the year began.
_SETTLED = """UPDATE site SET stated_unit_code = unit_code, created_at = '2026-01-01' WHERE random() < 0.98"""
_VISITED = """UPDATE evidence e
    SET started_at = v.at, ended_at = v.at, received_at = v.at, unit_paths = ARRAY[v.unit_path]
    FROM (SELECT v.id, s.unit_path, CAST(DATE '2000-01-01' + v.day AS timestamp) + interval '2 hours' AS at
          FROM visit v JOIN site s ON s.id = v.site_id) AS v WHERE e.id = v.id"""
_EVENTS = """INSERT INTO site_event (site_id, kind, changes, by_name, at)
    SELECT id, 'created', '{}', 'bench', created_at FROM site"""
_LEADS = """INSERT INTO lead (id, source, what, geom, datum, unit_path, grid_code, made_at, received_at, state,
        content_digest, answer, number, deadline, site_id)
    SELECT gen_random_uuid(), 'hotline', '举报', s.place, CASE WHEN s.place IS NOT NULL THEN 'WGS-84' END, s.unit_path,
        s.grid_code, s.at, s.at, (ARRAY['new', 'checked', 'false', 'false'])[1 + s.n % 4], '\\x00', '{}', 'B' || s.n,
        CAST(s.at AS date) + 7, s.site_id
    FROM (SELECT row_number() OVER () AS n, CASE WHEN random() < 0.9 THEN place END AS place, unit_path, grid_code,
              CASE WHEN random() < 0.5 THEN id END AS site_id, :today - random() * interval '90 days' AS at
          FROM site ORDER BY md5(code) LIMIT :leads) AS s"""
_LEAD_EVENTS = """INSERT INTO lead_event (lead_id, kind, to_state, by_name, at)
    SELECT id, 'created', 'new', 'bench', received_at FROM lead"""
_CASES = """INSERT INTO case_file (id, number, party_name, category, unit_code, unit_path, grid_code, address,
        place, source_datum, site_id, description, found_on, deadline, state, closed_on, content_digest,
        created_at, created_by)
    SELECT gen_random_uuid(), 'A' || s.n, s.name, 'dust', s.unit_code, s.unit_path, s.grid_code, '路', s.place,
        'WGS-84', s.id, '粉尘', s.on_day, s.on_day + 30, CASE s.n % 3 WHEN 0 THEN 'closed' ELSE 'rectifying' END,
        CASE s.n % 3 WHEN 0 THEN s.on_day + 20 END, '\\x00', s.on_day, 'bench'
    FROM (SELECT row_number() OVER () AS n, *, CAST(:today AS date) - CAST(random() * 120 AS int) AS on_day
          FROM site ORDER BY md5(name) LIMIT :cases) AS s"""
_CASE_EVENTS = """INSERT INTO case_event (case_id, kind, to_state, on_day, by_name, at)
    SELECT id, 'registered', 'registered', found_on, 'bench', created_at FROM case_file"""
_LIST = """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest,
        mapping, report, state, row_count, created_at, created_by)
    SELECT gen_random_uuid(), '名单', 'market_register', '市场监管局', '2026-03-01', code, path, 'list.csv', '\\x00',
        '{}', '{}', 'ready', :rows, '2026-03-01', 'bench' FROM unit WHERE parent_code IS NULL"""
_LIST_ROWS = """INSERT INTO baseline_row (baseline_id, row_number, name, uscc_valid, unit_path, grid_code, place, extra,
        state, site_id)
    SELECT b.id, s.n, s.name, false, s.unit_path, s.grid_code, s.place, '{}',
        CASE WHEN s.site_id IS NULL THEN 'unmatched' ELSE 'matched' END, s.site_id
    FROM baseline b, (SELECT row_number() OVER () AS n, name, unit_path, grid_code, place,
                          CASE WHEN random() < 0.9 THEN id END AS site_id FROM site LIMIT :rows) AS s"""
_REQUESTS = """INSERT INTO exclusion (code, kind, effect, reason, state, requested_by, geom, area_m2, source_datum,
        valid_from)
    SELECT 'X' || g.code, 'other', 'inaccessible', '围墙', 'requested', 'bench', ST_Multi(a),
        ST_Area(CAST(a AS geography)), 'WGS-84', '2026-05-01'
    FROM (SELECT code, ST_Buffer(label_point, 0.0005) AS a FROM grid ORDER BY md5(code) LIMIT :requests) AS g"""
_DOUBTED = """UPDATE evidence SET review = 'open' WHERE kind = 'patrol' AND random() < :share"""
_DOUBTS = """INSERT INTO finding (evidence_id, kind, facts)
    SELECT id, CASE WHEN random() < 0.3 THEN 'copied_track' ELSE 'jumps' END, '{}' FROM evidence
    WHERE review = 'open'"""


def fill(city: World) -> None:
    """Put it all in, as of the day of the bench."""
    box = sites.box_of(city)
    sites.fill(city, box, day_number(TODAY))
    with transaction(city.engine) as session:
        checking.relocate(session, None, TODAY, "bench")
    values = {"today": TODAY, "leads": LEADS, "cases": CASES, "rows": ROWS, "requests": REQUESTS}
    with transaction(city.engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no notices to pages of nobody
        session.execute(text("SELECT setseed(:seed)"), {"seed": SEED})
        for statement in (
            *(
                _OFFICERS,
                _CHARGES,
                _SETTLED,
                _VISITED,
                _EVENTS,
                _LEADS,
                _LEAD_EVENTS,
                _CASES,
                _CASE_EVENTS,
                _LIST,
                _LIST_ROWS,
            ),
            *(_REQUESTS, _DOUBTED, _DOUBTS),
        ):
            session.execute(text(statement), {**values, "share": DOUBTED_SHARE})
        checking.rebuild(session, city.settings)
    analyze(city.engine)


def analyze(engine: Engine) -> None:
    """Have the database know its tables, as it does by itself after a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
