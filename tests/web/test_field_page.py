"""The phone page in odd circumstances, and what it keeps to work without a network."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.offline import digests
from tests.support.pages import PageWatch
from tests.web.phone import OFFLINE_NOISE, Phone
from tests.web.test_states import NO_WEBGL2

WECHAT_ON_APPLE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.40 NetType/WIFI Language/zh_CN"
)
KEPT = """
async () => {
  const addresses = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) addresses.push(new URL(request.url).pathname);
  }
  return addresses;
}
"""
SMALL = """
() => [...document.querySelectorAll("main button, #bar button, main label:has(input)")]
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 56)
  .map((each) => each.textContent)
"""


@pytest.mark.nightly
def test_what_is_kept_is_what_was_listed_and_never_data(phone: Phone) -> None:
    phone.sign_in("w1")
    kept: list[str] = phone.page.evaluate(KEPT)
    assert sorted(kept) == sorted(digests())
    assert not [path for path in kept if path.startswith("/api")]


def test_everything_that_the_page_loads_is_listed(phone: Phone) -> None:
    """Nothing but the interface is asked of the server on a second visit."""
    phone.sign_in("w1")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url.removeprefix(phone.server.url).partition("?")[0]))
    phone.open()
    phone.page.click("#to-me")
    phone.tab("mark")
    phone.draw_area()
    listed = set(digests())
    strange = [path for path in asked if not path.startswith("/api/") and path not in listed]
    assert [path for path in strange if not path.startswith(("/sw", "blob:"))] == []


def test_without_webgl2_the_list_and_the_figures_stay(phone: Phone) -> None:
    phone.context.add_init_script(NO_WEBGL2)
    phone.sign_in("w1")
    expect(phone.page.locator("#map")).to_contain_text("画不了地图")
    expect(phone.page.locator("#nearest .way")).to_be_visible()
    phone.begin_patrol()
    phone.move(3)
    expect(phone.page.locator("#new-ground")).not_to_have_text("0")
    phone.tab("mark")
    expect(phone.page.locator("#draw")).to_have_count(0)
    expect(phone.page.locator("#mark-place [data-spot]").first).to_be_visible()


@pytest.mark.nightly
def test_a_second_window_does_not_record(phone: Phone) -> None:
    """It would keep every position twice; it goes on by itself once the first one is closed."""
    phone.sign_in("w1")
    second = phone.context.new_page()
    second.goto("/field")
    expect(second.get_by_role("heading", name="本页已在另一个窗口打开")).to_be_visible()
    phone.page.close()
    expect(second.locator("#start")).to_be_visible()


def test_wechat_on_an_iphone_is_sent_to_the_browser(phone: Phone) -> None:
    phone.end()
    phone.user_agent = WECHAT_ON_APPLE
    phone.start()
    phone.page.goto("/field")
    expect(phone.page.get_by_role("heading", name="请用系统浏览器打开")).to_be_visible()


def test_an_insecure_address_says_so(phone: Phone) -> None:
    phone.context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false });")
    phone.page.goto("/field")
    expect(phone.page.get_by_role("heading", name="本页需要安全连接")).to_be_visible()
    expect(phone.page.locator("body")).to_contain_text("https")


def test_who_was_never_here_needs_a_network_once(phone: Phone, watch: PageWatch) -> None:
    watch.tolerate(OFFLINE_NOISE)
    phone.sign_in("w1")
    phone.page.click("#open-me")
    phone.page.click("#sign-out")
    phone.page.wait_for_url("**/login*")
    phone.network(on=False)
    phone.page.goto("/field")
    expect(phone.page.get_by_role("heading", name="需要先联网登录")).to_be_visible()


def test_who_signs_out_on_another_page_has_left_the_phone_too(phone: Phone, watch: PageWatch) -> None:
    watch.tolerate(OFFLINE_NOISE)
    phone.sign_in("w1")
    phone.page.goto("/")
    phone.page.locator("#account summary").click()
    phone.page.get_by_role("button", name="退出登录").click()
    expect(phone.page).to_have_url(f"{phone.server.url}/login")  # with no way back to where this person was
    phone.network(on=False)
    phone.page.goto("/field")
    expect(phone.page.get_by_role("heading", name="需要先联网登录")).to_be_visible()


def test_a_person_without_an_officers_number_is_told(phone_page: Page) -> None:
    """The tester is staff of the city."""
    phone_page.goto("/field")
    expect(phone_page.get_by_role("heading", name="本账号没有外勤任务")).to_be_visible()


@pytest.mark.nightly
def test_controls_are_large_enough_for_gloves(phone: Phone) -> None:
    """56 px high, whatever is shown."""
    phone.sign_in("w1")
    for name in ("patrol", "mark", "report", "outbox"):
        phone.tab(name)
        assert phone.page.evaluate(SMALL) == []


def test_the_stamp_says_what_is_known_and_no_more(phone: Phone) -> None:
    """Fresh with a position, fresh without one, and chosen from the album."""
    lines: Any = phone.page.goto("/healthz") and phone.page.evaluate(
        """async () => {
          const { stampLines } = await import("/static/js/field/photo.js");
          const here = { lon: 119.81, lat: 31.773, accuracy_m: 7.2, time_ms: 0 };
          const at = Date.UTC(2026, 10, 21, 1, 30);
          return [stampLines(at, here, "王建国 W1", "第1网格", true), stampLines(at, null, "王建国 W1", "", true),
                  stampLines(at, null, "王建国 W1", "", false)];
        }"""
    )
    fresh, nowhere, album = lines
    assert fresh == [
        "时间 2026/11/21 09:30:00",
        "位置 119.810000，31.773000　定位精度 ±8 米",
        "人员 王建国 W1",
        "网格 第1网格",
    ]
    assert nowhere[1] == "位置 无可用定位"
    assert "选自相册" in album[0]
