"""The map page of people who see a part of the city."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import make_engine, transaction
from app.rights import Role
from tests.support import pages
from tests.support.people import add_person
from tests.support.seeding import TOWN_1, TOWN_2
from tests.support.server import LiveServer
from tests.web.city import City, settled

As = Callable[[str], Page]


@pytest.fixture(scope="session")
def people(city_server: LiveServer) -> None:
    """A town's staff member, an officer, and an officer without grids."""
    engine = make_engine(city_server.database_url, pool_size=1)
    with transaction(engine) as session:
        session.connection().exec_driver_sql("INSERT INTO officer VALUES ('W9', '新来的', NULL)")
        add_person(session, "town1", Role.TOWN, [(TOWN_1, None)])
        add_person(session, "root", Role.ADMINISTRATOR)
        add_person(session, "w1", Role.OFFICER, (), officer_code="W1")
        add_person(session, "w9", Role.OFFICER, (), officer_code="W9")
    engine.dispose()


@pytest.fixture
def page_of(
    browser: Browser, city_server: LiveServer, city_watch: pages.PageWatch, people: None
) -> Iterator[Callable[[str], Page]]:
    """A watched page of somebody signed in, at a desk."""
    opened = []

    def of(username: str) -> Page:
        manager = pages.watched_page(browser, city_watch, city_server.url, pages.DESKTOP, username)
        opened.append(manager)
        return manager.__enter__()

    yield of
    for manager in opened:
        manager.__exit__(None, None, None)
    city_watch.verify()


def test_a_town_begins_at_the_town(page_of: As) -> None:
    city = City.opened(page_of("town1"))
    city.at("南桥镇")
    assert city.crumbs() == ["南桥镇"]
    assert sorted(city.names()) == ["柳树村", "石桥村"]
    city.child("柳树村").click()
    city.at("柳树村")
    city.child("柳树第1网格").click()
    city.at("柳树第1网格")
    assert city.crumbs() == ["南桥镇", "柳树村", "柳树第1网格"]
    city.page.locator("#breadcrumb").get_by_role("button", name="柳树村").click()
    city.at("柳树村")


def test_a_link_to_a_place_outside_is_refused_with_a_way_back(page_of: As, city_watch: pages.PageWatch) -> None:
    city_watch.tolerate("403")
    page = page_of("town1")
    page.goto(f"/?unit={TOWN_2}")
    expect(page.locator("#trouble")).to_contain_text("不在您的管辖范围内")
    page.locator("#trouble").get_by_role("button", name="回到首页").click()
    City(page).at("南桥镇")
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.nightly
def test_an_officer_begins_at_their_first_grid_and_goes_to_the_others(page_of: As) -> None:
    city = City.opened(page_of("w1"))
    city.at("柳树第1网格")
    assert city.crumbs() == ["柳树第1网格"]
    city.page.locator("#breadcrumb").get_by_role("button", name="柳树第3网格").click()
    city.at("柳树第3网格")


def test_an_officer_is_offered_no_tracks(page_of: As) -> None:
    officer = City.opened(page_of("w1"), "/?layers=grids,tracks")
    officer.at("柳树第1网格")
    expect(officer.page.locator("[data-layer=tracks]")).to_have_count(0)
    expect(officer.page.locator("[data-layer=grids]")).to_be_checked()


def test_who_may_not_see_tracks_is_not_told_who_looked(page_of: As) -> None:
    place = "/?point=119.805,31.773"
    town = City.opened(page_of("town1"), place)
    expect(town.page.locator("#last-officer")).to_have_text("王建国")
    officer = City.opened(page_of("w1"), place)
    expect(officer.page.locator("#last-officer")).to_have_text("王建国")  # themself
    expect(officer.page.locator(".card-where")).to_have_text("柳树第1网格")
    administrator = City.opened(page_of("root"), place)
    expect(administrator.page.locator("#last-officer")).to_have_text("其他人员")


@pytest.mark.nightly
def test_an_officer_without_grids_is_told_so(page_of: As) -> None:
    page = page_of("w9")
    page.goto("/")
    expect(page.locator("#place-name")).to_have_text("您的管辖范围内暂无网格")


@pytest.mark.nightly
def test_the_simple_map_of_an_officer(page_of: As) -> None:
    page = page_of("w1")
    page.goto("/simple")
    settled(page)
    expect(page.locator("#place-name")).to_have_text("柳树第1网格")
    expect(page.locator("#map path.leaflet-interactive")).not_to_have_count(0)
