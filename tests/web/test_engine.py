"""The engine on the phone and the engine of the service: the same cells, the same account, the same shares."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from playwright.sync_api import Browser, Page

from app.patrols.reading.files import read_file
from app.settings import UploadLimits
from demo import movement
from geo import scanline, shares, swath, tracks
from geo.frame import TILE_SIZE, TileKey
from geo.histograms import histogram
from geo.tracks import MODE_RULES, Fixes, Mode
from geo.zones import MASK_VALUES
from tests.support import pages
from tests.support.server import LiveServer

OFFSET_S = tracks.UTC_OFFSET_S
START_MS = 1_790_000_000_000
JUDGE = """
async ({ fixes, rules, offset }) => {
  const { clean } = await import("/static/js/engine/tracks.js");
  const { looks } = await import("/static/js/engine/swath.js");
  const track = clean(fixes, rules, offset);
  const bits = ({ cells }) => {
    let text = "";
    for (let at = 0; at < cells.length; at += 8) {
      text += String.fromCharCode(parseInt(cells.subarray(at, at + 8).join(""), 2));
    }
    return btoa(text);
  };
  return {
    counted: track.counted,
    leftOut: track.leftOut,
    looks: looks(track.segments, rules.half_width_m).map((look) => ({ ...look, cells: bits(look) })),
  };
}
"""
SHARES = """
async ({ tiles, cycle, day }) => {
  const { shares_cm2, coveredPercent } = await import("/static/js/engine/shares.js");
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const read = tiles.map((tile) => ({
    ...tile,
    mask: bytes(tile.mask),
    tracked: new Uint16Array(bytes(tile.tracked).buffer),
    declared: new Uint16Array(bytes(tile.declared).buffer),
  }));
  const sums = shares_cm2(read, cycle, day);
  return { sums, percent: coveredPercent(sums) };
}
"""
OUTLINE = """
async (geometry) => {
  const { cellsOf } = await import("/static/js/engine/outline.js");
  return [...cellsOf(geometry)];
}
"""


@pytest.fixture(scope="module")
def engine_page(browser: Browser, city_server: LiveServer) -> Iterator[Page]:
    """A page of the service from which its modules can be loaded; they keep nothing from one question to the next."""
    watch = pages.PageWatch(city_server.url.removeprefix("http://"))
    with pages.watched_page(browser, watch, city_server.url, pages.DESKTOP) as page:
        page.goto("/healthz")
        yield page
    watch.verify()


def rules_of(mode: Mode) -> dict[str, float]:
    """The rules as the field package gives them."""
    names = ("half_width_m", "max_accuracy_m", "max_gap_s", "max_step_m", "max_speed_m_s")
    return {name: getattr(MODE_RULES[mode], name) for name in names}


def assert_equal(page: Page, fixes: Fixes, mode: Mode) -> int:
    """Judge by both engines; the number of cells seen."""
    columns = zip(
        fixes.lon.tolist(), fixes.lat.tolist(), fixes.time_ms.tolist(), fixes.accuracy_m.tolist(), strict=True
    )
    sent = [
        {"lon": lon, "lat": lat, "time_ms": at, "accuracy_m": None if np.isnan(accuracy) else accuracy}
        for lon, lat, at, accuracy in columns
    ]
    found = page.evaluate(JUDGE, {"fixes": sent, "rules": rules_of(mode), "offset": OFFSET_S})
    track = tracks.clean(fixes, MODE_RULES[mode])
    expected = swath.looks(track.segments, MODE_RULES[mode].half_width_m)
    assert found["counted"]["pairs"] == track.pairs
    assert found["counted"]["length_m"] == pytest.approx(track.length_m, abs=1e-3)
    assert {reason: amount["pairs"] for reason, amount in found["leftOut"].items()} == {
        str(reason): amount.pairs for reason, amount in track.left_out.items()
    }
    given = {(look["day"], look["key"]): base64.b64decode(look["cells"]) for look in found["looks"]}
    assert given == {(look.day, f"{look.key.x}/{look.key.y}"): np.packbits(look.cells).tobytes() for look in expected}
    return sum(int(look.cells.sum()) for look in expected)


def random_fixes(seed: int) -> Fixes:
    """A walk with everything that is left out: gaps, jumps, weak and unknown accuracy, late and doubled times."""
    random = np.random.default_rng(seed)
    count = 400
    step_m = random.normal(0, 8, (2, count)) * random.choice(
        [1.0, 1.0, 1.0, 0.0, 30.0], count, p=[0.4, 0.3, 0.2, 0.07, 0.03]
    )
    lat0 = random.uniform(18.0, 53.0)
    lat = lat0 + np.cumsum(step_m[0]) / 111_320.0
    lon = random.uniform(74.0, 134.0) + np.cumsum(step_m[1]) / 111_320.0 / np.cos(np.radians(lat0))
    seconds = np.cumsum(random.choice([0, 1, 5, 7, 60, 61, 4000], count, p=[0.02, 0.3, 0.4, 0.2, 0.03, 0.03, 0.02]))
    accuracy = random.choice([4.0, 9.5, 35.0, 35.1, np.nan], count, p=[0.5, 0.3, 0.1, 0.07, 0.03])
    order = random.permutation(count)
    return Fixes.of(lon[order], lat[order], (START_MS + seconds * 1000)[order], accuracy[order])


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("seed", range(8))
def test_random_fixes(engine_page: Page, seed: int, mode: Mode) -> None:
    assert assert_equal(engine_page, random_fixes(seed), mode) > 1000


@pytest.mark.parametrize("name", ["korita-zbevnica.gpx", "cerknicko-jezero.gpx"])
def test_real_walks_from_files(engine_page: Page, name: str) -> None:
    data = (Path(__file__).parents[1] / "data" / name).read_bytes()
    fixes = read_file(data, UploadLimits(), 8.0, None).fixes
    judged = Fixes(fixes.lon, fixes.lat, fixes.time_us // 1000, fixes.accuracy_used_m())
    assert assert_equal(engine_page, judged, Mode.FOOT) > 1000


@pytest.mark.parametrize("mode", ["foot", "slow"])
def test_real_movement(engine_page: Page, mode: str) -> None:
    """The longest runs of the movement that the demo relocates, one after another."""
    runs = sorted(getattr(movement.load(), mode), key=lambda run: -run.length_m)[:30]
    steps_m = np.vstack([run.steps_m for run in runs])
    lat = 31.8 + np.cumsum(steps_m[:, 1]) / 111_320.0
    lon = 119.97 + np.cumsum(steps_m[:, 0]) / 94_600.0
    time_ms = START_MS + np.rint(np.cumsum(np.concatenate([run.seconds for run in runs])) * 1000).astype(np.int64)
    fixes = Fixes.of(lon, lat, time_ms, np.full(lon.shape, 6.0))
    assert assert_equal(engine_page, fixes, Mode.FOOT if mode == "foot" else Mode.VEHICLE) > 5000


def encoded(array: npt.NDArray[np.generic]) -> str:
    """Little-endian bytes as base64."""
    return base64.b64encode(array.tobytes()).decode()


@pytest.mark.parametrize("seed", range(4))
def test_shares_of_every_kind_of_ground(engine_page: Page, seed: int) -> None:
    random = np.random.default_rng(seed)
    cycle, on_day = 15, 9800
    shape = (TILE_SIZE, TILE_SIZE)
    tiles, histograms = [], []
    for tile in (TileKey(27303, 13327), TileKey(27303, 13328)):
        mask = random.integers(0, MASK_VALUES, shape).astype(np.uint8)
        tracked, declared = (random.choice([0, 9700, 9785, 9786, 9800], shape).astype(np.uint16) for _ in range(2))
        histograms.append(histogram(mask, tracked, declared, tile.y))
        days = {"tracked": encoded(tracked), "declared": encoded(declared)}
        tiles.append({"x": tile.x, "y": tile.y, "mask": encoded(mask), **days})
    expected = shares.shares(histograms[0] + histograms[1], cycle, on_day, owned_only=False)
    found = engine_page.evaluate(SHARES, {"tiles": tiles, "cycle": cycle, "day": on_day})
    assert found["sums"] == [expected.area_cm2(share) for share in shares.Share]
    assert found["percent"] == expected.covered_percent


def test_cells_of_an_outline(engine_page: Page) -> None:
    """Holes, slants and edges along the cells."""
    shapes = [
        shapely.Point(119.97, 31.81).buffer(0.004).difference(shapely.Point(119.971, 31.811).buffer(0.001)),
        shapely.box(119.9700012, 31.8100034, 119.974, 31.812),
        shapely.MultiPolygon(
            [shapely.box(119.97, 31.81, 119.971, 31.811), shapely.box(119.98, 31.81, 119.981, 31.8105)]
        ),
    ]
    for shape in shapes:
        found = engine_page.evaluate(OUTLINE, shapely.geometry.mapping(shape))
        given = {
            (int(x) * TILE_SIZE + index % TILE_SIZE, int(y) * TILE_SIZE + index // TILE_SIZE)
            for key, indices in found
            for x, y in [key.split("/")]
            for index in indices
        }
        outlines = scanline.outlines([shape])
        window = scanline.Window(*(int(edge) for edge in outlines.bounds[0]))
        rows, columns = np.nonzero(outlines.fill(0, window))
        assert given == set(zip((columns + window.u0).tolist(), (rows + window.v0).tolist(), strict=True))
