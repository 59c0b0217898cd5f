"""The check rate: of every row of a list, how many were looked into; and where they are."""

from tests.app.baselines.world import MAPPING, World
from tests.app.sites.bodies import days, place, refused, taken


def rate(world: World, baseline: str) -> tuple[int, int, int]:
    """Rows, checked ones and the percentage."""
    figures = world.get(baseline)["figures"]
    return figures["rows"], figures["checked"], figures["check_rate_percent"]


def test_a_row_counts_when_its_site_is_checked_or_somebody_looked_in_vain(world: World) -> None:
    checked, due = world.site(name="一号机械厂"), world.site(name="二号机械厂", at=(0.2, 2.2))
    overdue, never = world.site(name="三号机械厂", at=(0.3, 2.2)), world.site(name="四号机械厂", at=(0.4, 2.2))
    for site, ago in ((checked, 1), (due, 13), (overdue, 15)):
        world.visit(site, ago)
    names = ("一号机械厂", "二号机械厂", "三号机械厂", "四号机械厂", "五号机械厂", "六号机械厂", "七号机械厂")
    baseline = world.list_of(*[[name] for name in names])
    assert never
    assert [row["state"] for row in world.rows(baseline)[:4]] == ["matched"] * 4
    assert rate(world, baseline) == (7, 2, 28), "floored: 2 of 7 is 28.57"
    rows = world.rows(baseline)
    assert [row["is_checked"] for row in rows] == [True, True, False, False, False, False, False]
    taken(world.decide(baseline, rows[4], state="absent", why="现场为空地", visited_on=days(2).isoformat()))
    taken(world.decide(baseline, rows[5], state="unmatched", why="还没有登记"))
    assert rate(world, baseline) == (7, 3, 42)
    assert [row["row_number"] for row in world.rows(baseline, checked=True)] == [2, 3, 6]
    assert [row["row_number"] for row in world.rows(baseline, checked=False, state="matched")] == [4, 5]
    assert [row["row_number"] for row in world.rows(baseline, state="absent")] == [6]
    assert [row["name"] for row in world.rows(baseline, q="七号")] == ["七号机械厂"]


def test_a_tenant_counts_by_itself_not_by_its_site(world: World) -> None:
    site = world.site(name="出租厂房")
    seen, unseen = world.tenancy(site, "宏达机械有限公司"), world.tenancy(site, "鑫源电镀有限公司")
    world.visit(site, 1, seen=(seen,))
    baseline = world.list_of(["宏达机械有限公司"], ["鑫源电镀有限公司"])
    assert unseen
    assert [row["is_checked"] for row in world.rows(baseline)] == [True, False]
    world.visit(site, 0, seen=(unseen,))
    assert rate(world, baseline) == (2, 2, 100)


def test_a_site_removed_since_counts_no_longer(world: World) -> None:
    site = world.site(name="宏达机械有限公司")
    world.visit(site, 1)
    baseline = world.list_of(["宏达机械有限公司"])
    assert rate(world, baseline) == (1, 1, 100)
    taken(world.client.post(f"/api/sites/{site}/removal", json={"why": "已拆除", "version": 1}))
    assert rate(world, baseline) == (1, 0, 0)
    assert world.rows(baseline)[0]["target"]["state_text"] == "场所已移出"


def test_identical_rows_are_one_and_repeated_ones_stay_in_the_denominator(world: World) -> None:
    baseline = world.list_of(
        ["甲机械厂", "", "一路1号"], ["甲机械厂", "", "一路1号"], ["甲机械厂", "", "一路1号", "0519"]
    )
    assert rate(world, baseline) == (2, 0, 0)
    assert [row["row_number"] for row in world.rows(baseline, findings=True)] == [4]


def test_a_withdrawn_list_shows_and_takes_no_more_decisions(world: World) -> None:
    baseline = world.list_of(["甲机械厂"])
    refused(world.client.post(f"/api/baselines/{baseline}/withdrawal", json={"why": " "}), 422)
    found = taken(world.client.post(f"/api/baselines/{baseline}/withdrawal", json={"why": "有新名单"}))
    assert (found["withdrawn_why"], found["events"][0]["words"]) == ("有新名单", "有新名单")
    listed = taken(world.client.get("/api/baselines"))["items"]
    assert [each["withdrawn_why"] for each in listed] == ["有新名单"]
    assert taken(world.client.get("/api/baselines?withdrawn=false"))["items"] == []
    (row,) = world.rows(baseline)
    refused(world.decide(baseline, row, state="unmatched", why="没有"), 409, "已撤回")
    refused(world.client.post(f"/api/baselines/{baseline}/withdrawal", json={"why": "再撤"}), 409, "已撤回")
    refused(world.client.post(f"/api/baselines/{baseline}/matching"), 409, "已撤回")


def test_rows_lie_on_the_map_by_their_own_place_else_by_their_sites(world: World) -> None:
    site = world.site(name="宏达机械有限公司")
    (lon, lat) = place(0.2, 2.2)
    baseline = world.list_of(
        ["鑫源电镀厂", "", "", "", "", lon, lat],
        ["宏达机械有限公司"],
        ["没有地方的厂"],
        mapping=MAPPING,
        datum="WGS-84",
    )
    found = world.get(baseline)
    assert (site, found["figures"]["placed"]) == (world.rows(baseline)[1]["target"]["site_id"], 2)
    west, south, east, north = found["bounds"]
    assert west < east
    assert south < north
    near = world.client.get(f"/api/tiles/baseline-rows/12/3411/1666.mvt?baseline={baseline}")
    assert near.status_code == 200
    assert b"\xe9\x91\xab\xe6\xba\x90" in near.content, "the row by its own place"
    assert b"\xe5\xae\x8f\xe8\xbe\xbe" in near.content, "and the one by its site's"
    assert world.client.get(near.request.url, headers={"If-None-Match": near.headers["ETag"]}).status_code == 304
    filtered = world.client.get(f"/api/tiles/baseline-rows/12/3411/1666.mvt?baseline={baseline}&state=matched")
    assert b"\xe9\x91\xab\xe6\xba\x90" not in filtered.content
    far = world.client.get(f"/api/tiles/baseline-rows/8/213/104.mvt?baseline={baseline}")
    assert b"clusters" in far.content
    refused(world.client.get(f"/api/tiles/baseline-rows/3/9/0.mvt?baseline={baseline}"), 422)
