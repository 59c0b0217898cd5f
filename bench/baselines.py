"""(h) A list of 100,000 firms matched with 50,000 names on the ground, and how often that is right.

Peers of the same run, on a sample: every row compared with every name (rapidfuzz), and the nearest name by an index of
trigrams (pg_trgm), which is what a database offers by itself.
"""

import csv
import io
import json
import math
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from sqlalchemy import text

from app.actor import terminal
from app.baselines import importing, matching
from app.baselines.addresses import Addresser
from app.baselines.candidates import Index, Known, Side
from app.baselines.comparing import Verdict, compare
from app.baselines.names import Namer
from app.baselines.schemas import ListIn
from app.db import transaction
from bench.harness import elapsed_ms, emit, progress
from bench.world import World, world

NAMES = 50_000
ROWS = 100_000
TENANTS_SHARE = 0.4
LISTED_SHARE = 0.6  # of the rows, how many are on the ground
SAMPLE = 300
SEED = 11
CITY = "320400000000"
WEST, SOUTH, SPAN_DEG = 119.5, 31.4, 0.6

_OWN = "宏达鑫源永盛恒泰金龙华兴瑞丰天成东方新亚正光明长江利民和顺安康吉祥旺诚信卓越创飞腾远凯旋博雅嘉禾三友四海九州"
_TRADES = (
    *("机械", "电镀", "化工", "五金", "塑料", "纺织", "印染", "喷涂", "木业", "家具", "电子", "电器", "模具", "铸造"),
    *("锻造", "轴承", "橡胶", "包装", "印刷", "制衣", "制鞋", "玻璃", "陶瓷", "建材", "涂料", "金属制品", "不锈钢"),
    *("精密机械", "自动化设备", "环保设备", "汽车配件", "农机", "灯具", "电缆", "仪表", "食品", "饲料", "物流", "商贸"),
)
_FORMS = ("有限公司", "有限公司", "有限公司", "厂", "厂", "有限责任公司", "加工厂", "经营部", "商行")
_ROADS = (
    *("人民", "解放", "中山", "新园", "工业", "创业", "振兴", "长虹", "青洋", "龙江", "常武", "武宜", "延政", "长江"),
    *("黄河", "太湖", "滆湖", "夏城", "和平", "健康"),
)
_MAKE_SITES = text(
    """INSERT INTO site (id, code, name, kind, occupancy, uscc, address, point, source_datum, stated_unit_code,
        unit_code, unit_path, created_by)
    SELECT v.id, CAST(v.id AS text), v.name, 'factory', 'leased', v.code, v.address,
        ST_SetSRID(ST_MakePoint(v.lon, v.lat), 4326), 'WGS-84', CAST(:unit AS text), CAST(:unit AS text),
        CAST(CAST(:unit AS text) AS ltree), 'bench'
    FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:codes AS text[]), CAST(:addresses AS text[]),
        CAST(:lons AS float8[]), CAST(:lats AS float8[])) AS v(id, name, code, address, lon, lat)"""
)
_MAKE_TENANTS = text(
    """INSERT INTO tenancy (id, site_id, tenant_name, uscc, started_on, created_by)
    SELECT v.id, v.site_id, v.name, v.code, '2020-01-01', 'bench'
    FROM unnest(CAST(:ids AS uuid[]), CAST(:site_ids AS uuid[]), CAST(:names AS text[]), CAST(:codes AS text[]))
        AS v(id, site_id, name, code)"""
)
_BY_TRIGRAMS = text("SELECT name FROM site WHERE name % :name ORDER BY similarity(name, :name) DESC LIMIT 1")


@dataclass(frozen=True)
class Truth:
    """Names on the ground, sites before tenants, and rows with what each is (None: not on the ground)."""

    targets: list[Known]
    site_of: list[int]
    rows: list[Known]
    is_of: list[int | None]


def run() -> None:
    """Match, count what is right, and let the peers do a sample."""
    progress(f"(h) {ROWS} rows against {NAMES} names")
    truth = made()
    index_s, match_s, verdicts = _timed(truth)
    emit("baselines", "compare", rows=ROWS, names=NAMES, index_s=index_s, compare_s=match_s, cores=1)
    _right(truth, verdicts)
    _peer_all(truth, match_s)
    with world("baselines", 3, 3) as city:
        _whole(city, truth)


def made(names: int = NAMES, rows: int = ROWS) -> Truth:
    """Firms of a synthetic city; rows are some of them as other departments write them, and firms of nowhere."""
    rng = np.random.default_rng(SEED)
    sites = int(names * (1 - TENANTS_SHARE))
    targets = [_firm(rng) for _ in range(sites)]
    site_of = list(range(sites)) + [int(at) for at in rng.integers(0, sites, names - sites)]
    for at in site_of[sites:]:
        home = targets[at]
        tenant = _firm(rng)
        targets.append(Known(tenant.name, tenant.code, home.address, home.lon, home.lat, is_part=True))
    is_of = [int(at) if rng.random() < LISTED_SHARE else None for at in rng.integers(0, names, rows)]
    listed = [_written(rng, targets[at]) if at is not None else _firm(rng) for at in is_of]
    return Truth(targets, site_of, listed, is_of)


def _firm(rng: np.random.Generator) -> Known:
    own = "".join(rng.choice(list(_OWN), rng.integers(2, 5)))
    name = f"常州市{own}{rng.choice(_TRADES)}{rng.choice(_FORMS)}"
    address = f"{rng.choice(_ROADS)}{rng.choice(['路', '东路', '西路', '街'])}{rng.integers(1, 400)}号"
    lon, lat = WEST + SPAN_DEG * rng.random(), SOUTH + SPAN_DEG * rng.random()
    return Known(name, _code(rng), address, lon, lat)


def _code(rng: np.random.Generator) -> str:
    return "9132" + "".join(rng.choice(list("0123456789ABCDEFGH"), 14))


def _written(rng: np.random.Generator, firm: Known) -> Known:
    """A firm as another department writes it: without its code, with slips of the pen, without its place."""
    name = firm.name or ""
    name = name.replace("常州市", str(rng.choice(["", "常州", "江苏省常州市"])))
    if rng.random() < 0.1:
        name = name.replace("厂", "有限公司") if name.endswith("厂") else name
    if rng.random() < 0.1:
        at = int(rng.integers(0, max(len(name) - 4, 1)))
        name = name[:at] + str(rng.choice(list(_OWN))) + name[at + 1 :]
    code = firm.code if rng.random() < 0.4 else None
    address = f"常州市{firm.address}" if rng.random() < 0.7 else None
    is_placed = rng.random() < 0.3
    metre = 1 / 111_320
    lon = firm.lon + 15 * metre * rng.normal() if is_placed else math.nan
    lat = firm.lat + 15 * metre * rng.normal() if is_placed else math.nan
    return Known(name, code, address, lon, lat)


def _timed(truth: Truth) -> tuple[float, float, list[Verdict]]:
    namer, addresser = Namer(["江苏省", "常州市"]), Addresser(["江苏省", "常州市"])
    started = time.process_time()
    index = Index(Side(truth.targets, namer, addresser))
    indexed = time.process_time()
    verdicts: list[Verdict] = []
    for at in range(0, len(truth.rows), matching.CHUNK):
        verdicts += compare(Side(truth.rows[at : at + matching.CHUNK], namer, addresser), index, truth.site_of)
    return indexed - started, time.process_time() - indexed, verdicts


def _right(truth: Truth, verdicts: list[Verdict]) -> None:
    """A machine's match that is wrong hides a firm; one that waits costs a person a look."""
    counts: Counter[str] = Counter()
    for verdict, true in zip(verdicts, truth.is_of, strict=True):
        found = [each.target for each in verdict.candidates]
        where = "listed" if true is not None else "unlisted"
        counts[f"{where}_{verdict.state}"] += 1
        counts["matched_wrong"] += verdict.state == "matched" and found[0] != true
        counts["doubtful_offers_it"] += verdict.state == "doubtful" and true in found
    emit("baselines", "outcome", **{name: counts[name] for name in sorted(counts)})


def _peer_all(truth: Truth, match_s: float) -> None:
    names = [target.name for target in truth.targets]
    rows = [row.name for row in truth.rows[:SAMPLE]]
    seconds = elapsed_ms(lambda: [process.extractOne(row, names, scorer=fuzz.ratio) for row in rows]) / 1e3
    whole_s = seconds * len(truth.rows) / SAMPLE
    emit("baselines", "peer_rapidfuzz_all", sample=SAMPLE, of_all_rows_s=whole_s, ratio=whole_s / match_s)


def _whole(city: World, truth: Truth) -> None:
    """Import, matching and reading as the service does them, in the database."""
    ids = [str(uuid.UUID(int=at + 1)) for at in range(len(truth.targets))]
    with transaction(city.engine) as session:
        sites = [at for at, target in enumerate(truth.targets) if not target.is_part]
        tenants = [at for at, target in enumerate(truth.targets) if target.is_part]
        values = {"ids": [ids[at] for at in sites], "unit": CITY}
        for name in ("name", "code", "address", "lon", "lat"):
            values[f"{name}es" if name == "address" else f"{name}s"] = [
                getattr(truth.targets[at], name) for at in sites
            ]
        session.execute(_MAKE_SITES, values)
        session.execute(
            _MAKE_TENANTS,
            {
                "ids": [ids[at] for at in tenants],
                "site_ids": [ids[truth.site_of[at]] for at in tenants],
                "names": [truth.targets[at].name for at in tenants],
                "codes": [truth.targets[at].code for at in tenants],
            },
        )
    with city.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    baseline = uuid.uuid4()
    progress("(h) taking the list in")
    import_s = elapsed_ms(lambda: _take_in(city, truth, baseline)) / 1e3
    progress("(h) matching it")
    job_s = elapsed_ms(lambda: matching.run(city.engine, city.settings, str(baseline), lambda: False)) / 1e3
    emit("baselines", "service", rows=len(truth.rows), import_s=import_s, matching_job_s=job_s)
    _peer_trigrams(city, truth, job_s)


def _take_in(city: World, truth: Truth, baseline: uuid.UUID) -> None:
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["企业名称", "统一社会信用代码", "地址", "经度", "纬度"])
    for row in truth.rows:
        place = ["", ""] if math.isnan(row.lon) else [row.lon, row.lat]
        writer.writerow([row.name, row.code or "", row.address or "", *place])
    mapping = {"name": "企业名称", "uscc": "统一社会信用代码", "address": "地址", "lon": "经度", "lat": "纬度"}
    stated = {"id": str(baseline), "name": "名单", "kind": "market_register", "department": "市场监管局"}
    stated |= {"as_of": date(2026, 6, 1).isoformat(), "unit_code": CITY, "datum": "WGS-84", "mapping": mapping}  # type: ignore[dict-item]
    with tempfile.TemporaryDirectory() as folder, transaction(city.engine) as session:
        path = Path(folder) / "list.csv"
        path.write_bytes(sink.getvalue().encode("gb18030"))
        asked = ListIn.model_validate_json(json.dumps(stated))
        importing.store(session, city.settings, terminal(), asked, path, "list.csv")


def _peer_trigrams(city: World, truth: Truth, job_s: float) -> None:
    def look() -> None:
        with city.engine.connect() as connection:
            for row in truth.rows[:SAMPLE]:
                connection.execute(_BY_TRIGRAMS, {"name": row.name}).first()

    whole_s = elapsed_ms(look) / 1e3 * len(truth.rows) / SAMPLE
    emit("baselines", "peer_pg_trgm", sample=SAMPLE, of_all_rows_s=whole_s, ratio=whole_s / job_s)
