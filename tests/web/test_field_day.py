"""A whole day with the phone: dead zones, a restart, a server that dies at the worst moment; each record once."""

import math
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import text

from app.db import make_engine, transaction
from app.settings import Settings
from geo.datum import Datum, from_wgs84
from tests.support.pages import GONE, PageWatch
from tests.support.people import PASSWORD
from tests.support.seeding import VILLAGE_11
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.web.city import City
from tests.web.phone import OFFLINE_NOISE, Phone, grid_place

GRID = f"{VILLAGE_11}001"
COUNTS = text("""
SELECT (SELECT count(*) FROM patrol), (SELECT count(*) FROM evidence WHERE kind = 'mark'),
       (SELECT count(*) FROM evidence WHERE kind = 'report'), (SELECT count(*) FROM photo)
""")


def counts(database: str) -> tuple[int, int, int, int]:
    """Patrols, marks, reports and photos that the server holds."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        found = session.execute(COUNTS).one()
    engine.dispose()
    return (found[0], found[1], found[2], found[3])


def asked(server: LiveServer, path: str) -> Any:
    """What the operator is answered."""
    headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    return httpx2.get(f"{server.url}{path}", headers=headers, trust_env=False).raise_for_status().json()


def test_a_whole_day(phone: Phone, database: str, live_server: LiveServer, watch: PageWatch, page: Page) -> None:
    watch.tolerate(OFFLINE_NOISE)
    phone.sign_in("w1")
    phone.shot("01-signed-in")
    expect(phone.page.locator("#place")).to_have_text("柳树第1网格")
    phone.begin_patrol()
    phone.move(8)
    phone.shot("02-recording")
    expect(phone.page.locator("#new-ground")).not_to_have_text("0")
    ground = phone.page.locator("#new-ground").inner_text()

    phone.network(on=False)
    phone.move(4)
    expect(phone.page.locator("#notices")).to_contain_text("没有网络")
    phone.shot("03-offline")
    phone.page.reload()
    phone.ready()
    assert phone.fixes() >= 12, "a reload lost positions"
    expect(phone.page.locator("#stop")).to_be_visible()
    phone.move(3)

    phone.end()  # the battery, a crash: nothing was said to the page
    phone.start().open()
    expect(phone.page.locator("#stop")).to_be_visible()
    recorded = phone.fixes()
    assert recorded >= 15, "a restart lost positions"
    phone.move(5)
    phone.move(1, accuracy_m=80.0)
    expect(phone.page.locator("#figures")).to_contain_text("当前不计入：定位精度 ±80 米")
    phone.shot("04-restarted-weak")
    phone.move(1)
    expect(phone.page.locator("#new-ground")).not_to_have_text(ground)

    phone.page.click("#to-me")
    phone.mark()
    phone.report()
    sent = phone.fixes()
    ground = phone.page.locator("#new-ground").inner_text()
    phone.end_patrol()
    phone.waits(3)
    phone.tab("outbox")
    phone.shot("05-outbox")
    assert counts(database) == (0, 0, 0, 0)

    phone.network(on=True)
    phone.waits(0)
    assert counts(database) == (1, 1, 1, 2)
    [patrol] = asked(live_server, "/api/patrols?limit=10")
    assert patrol["fixes"] == sent
    assert patrol["mode"] == "drone"
    assert f"{math.floor(patrol['seen_m2'] / 100) / 100:.2f} 公顷" == ground, "phone and server disagree"
    coverage = asked(live_server, f"/api/grids/{GRID}/coverage")
    assert coverage["grid"]["shares"]["tracked"]["area_m2"] > 10_000
    assert coverage["grid"]["shares"]["declared"]["area_m2"] > 0
    phone.tab("outbox")
    expect(phone.page.locator("#records .record")).to_have_count(3)
    phone.shot("06-sent")

    lon, lat = phone.place
    official = City.opened(page, f"/?grid={GRID}&point={lon:.6f},{lat:.6f}")
    expect(official.page.locator("#card")).to_contain_text("王建国")
    assert official.page.locator("#covered").inner_text() != "0%"


NOTHING_SENT = (0, 0, 0, 0)
WRITES = "**/api/{patrols,marks,leads,photos/*}*"


def is_write(request: Request) -> bool:
    """Whether a request brings a record or a photo."""
    return request.method in ("POST", "PUT") and "/api/field/" not in request.url


def send_now(phone: Phone) -> None:
    """Press 现在上传."""
    phone.tab("outbox")
    phone.page.click("#send-now")


def test_a_server_that_dies_after_it_has_taken_a_record(
    phone: Phone, database: str, live_server: LiveServer, watch: PageWatch
) -> None:
    """Each record and photo is processed, and the answer to the first try of each never arrives."""
    watch.tolerate(GONE)
    phone.sign_in("w1")
    phone.network(on=False)
    phone.begin_patrol()
    phone.move(5)
    phone.page.click("#to-me")
    phone.mark()
    phone.report()
    phone.end_patrol()
    phone.waits(3)
    died: list[str] = []

    def process_and_die(route: Route) -> None:
        path = route.request.url.partition("?")[0]
        if path in died:
            route.continue_()
            return
        assert route.fetch().ok
        died.append(path)
        live_server.kill()
        route.abort()
        live_server.start()

    phone.context.route(WRITES, process_and_die)
    with phone.page.expect_event("requestfailed", is_write):
        phone.network(on=True)
    for _ in range(4):  # each further try loses one answer: two photos and three records in all
        phone.page.locator('html[data-outbox="offline"]').wait_for(state="attached")
        with phone.page.expect_event("requestfailed", is_write):
            send_now(phone)
    phone.page.locator('html[data-outbox="offline"]').wait_for(state="attached")
    send_now(phone)
    phone.waits(0)
    assert len(died) == 5
    assert counts(database) == (1, 1, 1, 2)


PUT_FIXES = """
async ({ officer, start, count, state }) => {
  const { openDatabase, Store } = await import("/static/js/field/store.js");
  const db = await openDatabase();
  const store = new Store(db, officer);
  const id = crypto.randomUUID();
  const stop = start + count * 1000;
  const work = db.transaction("fixes", "readwrite");
  for (let at = 0; at < count; at++) {
    work.store.add({
      patrol_id: id,
      lon: 119.81 + 0.000008 * (at % 900) + 1e-7 * Math.sin(at),
      lat: 31.773 + 1e-6 * Math.floor(at / 900) + 1e-7 * Math.cos(at),
      time: start + at * 1000,
      accuracy_m: 5 + (at % 7),
      speed_m_s: 0.9,
      heading_deg: 90,
    });
  }
  await work.done;
  const own = { id, officer_code: officer };
  const patrol = { ...own, mode: "foot", datum: "WGS-84", state, started_at: start, stopped_at: stop, sent_at: null };
  if (state !== "stopped") await store.savePatrol(patrol);
  else {
    await store.hand(patrol, {
      ...own, kind: "patrol", title: "", created_at: Date.now(), order: 0, needs: [], bytes: null, parked: null,
      body: { mode: "foot", started_at: start, stopped_at: stop, count, length_m: 0 },
    });
  }
  db.close();
  return id;
}
"""


def put_fixes(phone: Phone, start_ms: int, count: int, state: str) -> str:
    """Put a patrol of W1 into the phone's store, a position a second; its id."""
    given = {"officer": "W1", "start": start_ms, "count": count, "state": state}
    patrol_id: str = phone.page.evaluate(PUT_FIXES, given)
    return patrol_id


@pytest.mark.nightly
def test_eight_hours_offline_go_up_at_once(phone: Phone, live_server: LiveServer, watch: PageWatch) -> None:
    """28,800 positions, one a second."""
    watch.tolerate(OFFLINE_NOISE)
    phone.sign_in("w1")
    phone.network(on=False)
    start = int(Settings().now().replace(hour=0, minute=0, second=1, microsecond=0).timestamp() - 16 * 3600) * 1000
    patrol_id = put_fixes(phone, start, 28_800, "stopped")
    phone.page.reload()
    phone.ready()
    phone.waits(1)
    phone.network(on=True)
    phone.waits(0)
    patrol = asked(live_server, f"/api/patrols/{patrol_id}")
    assert patrol["fixes"] == 28_800
    assert patrol["counted"]["length_m"] > 15_000


def test_what_the_server_refuses_waits_for_a_person(phone: Phone, database: str, watch: PageWatch) -> None:
    """A file that is no track: said why, kept until somebody deletes it and means it; others go past it."""
    watch.tolerate("400|422|Failed to load resource")
    phone.sign_in("w1")
    phone.tab("outbox")
    phone.page.locator("#import summary").click()
    phone.page.locator("#import-file").set_input_files({"name": "a.gpx", "mimeType": "text/plain", "buffer": b"hello"})
    phone.page.click("#import-submit")
    record = phone.page.locator('#waiting [data-kind="import"]')
    expect(record).to_contain_text("服务器没有接收")
    phone.shot("07-refused")
    phone.tab("patrol")
    phone.report()
    phone.waits(1)
    assert counts(database) == (0, 0, 1, 1)
    phone.tab("outbox")
    with phone.page.expect_download() as download:
        record.get_by_role("button", name="导出").click()
    assert download.value.path().read_bytes() == b"hello"
    record.get_by_role("button", name="删除").click()
    phone.page.locator("#confirm").get_by_role("button", name="返回").click()
    expect(record).to_be_visible()
    record.get_by_role("button", name="删除").click()
    phone.page.locator("#confirm").get_by_role("button", name="删除").click()
    phone.waits(0)


@pytest.mark.nightly
def test_a_track_of_a_watch(phone: Phone, live_server: LiveServer) -> None:
    """Kept as a file until the server has it."""
    phone.sign_in("w1")
    phone.tab("outbox")
    phone.page.locator("#import summary").click()
    phone.page.locator("#import-file").set_input_files(Path(__file__).parents[1] / "data" / "korita-zbevnica.gpx")
    phone.page.locator("#import").get_by_label("设备定位精度").select_option("10")
    phone.page.click("#import-submit")
    expect(phone.page.locator("#records .record")).to_have_count(1)
    phone.waits(0)
    [patrol] = asked(live_server, "/api/patrols?limit=10")
    assert (patrol["source"], patrol["officer_code"]) == ("gpx", "W1")


def test_a_session_that_has_ended_keeps_everything(phone: Phone, database: str, watch: PageWatch) -> None:
    watch.tolerate("401|Failed to load resource")
    phone.sign_in("w1")
    phone.context.clear_cookies()
    phone.report()
    expect(phone.page.locator("#notices")).to_contain_text("需要重新登录")
    phone.shot("08-signed-out")
    phone.waits(1)
    assert counts(database) == NOTHING_SENT
    phone.page.get_by_role("link", name="重新登录").click()
    phone.page.fill("#username", "w1")
    phone.page.fill("#password", PASSWORD)
    phone.page.click("#sign-in button")
    phone.page.wait_for_url("**/field")
    phone.ready()
    phone.waits(0)
    assert counts(database) == (0, 0, 1, 1)


def test_another_officer_on_the_same_phone(phone: Phone, database: str, watch: PageWatch) -> None:
    """Neither sees nor sends what the first one left; the first one finds it again."""
    watch.tolerate(f"{OFFLINE_NOISE}|401")
    phone.sign_in("w1")
    phone.network(on=False)
    phone.report()
    phone.waits(1)
    phone.context.clear_cookies()
    phone.page.goto("about:blank")
    phone.network(on=True)
    phone.page.goto("/login?next=/field")
    phone.page.fill("#username", "w2")
    phone.page.fill("#password", PASSWORD)
    phone.page.click("#sign-in button")
    phone.page.wait_for_url("**/field")
    phone.ready()
    phone.waits(0)
    expect(phone.page.locator("#tab-outbox .badge")).to_have_count(0)
    phone.page.click("#open-me")
    expect(phone.page.locator("#me")).to_contain_text("另有其他人员的 2 条内容未上传")
    phone.shot("09-somebody-else")
    assert counts(database) == NOTHING_SENT
    phone.page.locator("#me").get_by_role("button", name="退出登录").click()
    phone.page.wait_for_url("**/login*")
    phone.sign_in("w1")
    phone.waits(0)
    assert counts(database) == (0, 0, 1, 1)


@pytest.mark.nightly
def test_leaving_is_refused_while_recording_and_asked_about_while_things_wait(phone: Phone, watch: PageWatch) -> None:
    watch.tolerate(OFFLINE_NOISE)
    phone.sign_in("w1")
    phone.begin_patrol()
    phone.move(2)
    phone.page.click("#open-me")
    phone.page.click("#sign-out")
    expect(phone.page.locator("#me .problem")).to_contain_text("正在巡查")
    phone.page.locator("#me").get_by_role("button", name="关闭").click()
    phone.network(on=False)
    phone.end_patrol()
    phone.page.click("#open-me")
    phone.page.click("#sign-out")
    expect(phone.page.locator("#confirm")).to_contain_text("还有 1 条记录没有上传")
    phone.page.locator("#confirm").get_by_role("button", name="返回").click()
    phone.waits(1)


@pytest.mark.nightly
def test_an_hour_without_the_page_is_a_gap_and_says_so(phone: Phone) -> None:
    """The phone died in the middle of a patrol: it goes on by itself, and what lies between does not count."""
    phone.sign_in("w1")
    start = int(Settings().now().timestamp() - 3600) * 1000
    put_fixes(phone, start, 20, "recording")
    phone.page.reload()
    phone.ready()
    expect(phone.page.locator("#pause")).to_be_visible()
    phone.move(2)
    expect(phone.page.locator("#figures")).to_contain_text("未计入：定位中断超过 60 秒 1 段")
    phone.shot("10-gap")


@pytest.mark.nightly
def test_a_paused_patrol_takes_nothing_in(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.begin_patrol()
    phone.move(2)
    phone.page.click("#pause")
    expect(phone.page.locator("#go-on")).to_be_visible()
    phone.stand_elsewhere()
    before = phone.fixes()
    phone.page.reload()
    phone.ready()
    expect(phone.page.locator("#go-on")).to_be_visible()
    assert phone.fixes() == before
    phone.page.click("#go-on")
    phone.move(1)


@pytest.mark.nightly
def test_a_browser_that_tells_shifted_positions(phone: Phone, live_server: LiveServer) -> None:
    """The record carries its datum; the phone and the server put it in the same place."""
    lon, lat = from_wgs84(*grid_place(), Datum.GCJ02)
    phone.place = (float(lon), float(lat))
    phone.stand_elsewhere()
    phone.sign_in("w1")
    phone.page.click("#open-me")
    phone.page.locator("#datum").select_option("GCJ-02")
    phone.page.locator("#me").get_by_role("button", name="关闭").click()
    phone.begin_patrol()
    phone.move(6)
    ground = phone.page.locator("#new-ground").inner_text()
    assert ground != "0"
    phone.end_patrol()
    phone.waits(0)
    [summary] = asked(live_server, "/api/patrols?limit=10")
    patrol = asked(live_server, f"/api/patrols/{summary['id']}")
    assert patrol["datum"] == "GCJ-02"
    assert tuple(patrol["track"]["coordinates"][0][0]) == pytest.approx(grid_place(), abs=1e-4)
    assert f"{math.floor(patrol['seen_m2'] / 100) / 100:.2f} 公顷" == ground
