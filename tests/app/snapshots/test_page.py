"""The page to take away: all of it inside, words that stay words, figures that are the coverage's own."""

import dataclasses
import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import Actor, terminal
from app.coverage import service as coverage
from app.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.rights import Right
from app.scope import EVERYTHING, Scope
from app.settings import Settings
from app.snapshots import facts, links, service, shapes
from tests.app.coverage import world
from tests.app.snapshots.conftest import HOSTILE, TODAY, add_case, add_site

OWN = Settings(map_approval="苏S（2026）1号")
PATH = f"{world.CITY}.{world.COUNTY}.{world.TOWN}"


def page(session: Session, unit: str = world.VILLAGES[0], days_ago: int = 0, actor: Actor | None = None) -> str:
    """The file as a browser reads it."""
    saved = service.as_html(session, OWN, actor or terminal(), unit, TODAY - timedelta(days=days_ago))
    return saved.content.decode()


def block(page: str, kind: str) -> Any:
    """What a layer is made of."""
    found = re.search(rf'<script type="application/json" id="data-{kind}">(.*?)</script>', page)
    assert found, f"no {kind}"
    return json.loads(found[1])


def words(page: str) -> str:
    """The words of the panel."""
    panel = page.partition('<section id="panel"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", panel)))


def test_nothing_is_fetched_from_anywhere(city: Session) -> None:
    found = page(city)
    assert not re.search(
        r"""(?:src|href)\s*=\s*["']?(?!data:)\S""", re.sub(r"<script.*?</script>", "", found, flags=re.S)
    )
    assert not re.search(r"url\((?!data:|['\"]?#)", re.sub(r"<script.*?</script>", "", found, flags=re.S))
    assert "default-src 'none'" in found
    assert "sourceMappingURL" not in found
    assert "jquery" not in found.lower()
    # In scripts too: no address that folium links is left, whatever became of the tags around it.
    for host in ("jsdelivr", "bootstrapcdn", "cdnjs", "code.jquery", "unpkg", "raw.githubusercontent"):
        assert host not in found, host


def test_a_link_that_nobody_judged_stops_the_file() -> None:
    with pytest.raises(links.UnknownLinkError):
        links.local_text("https://cdn.jsdelivr.net/npm/leaflet@2.0.0/dist/leaflet.js")
    with pytest.raises(links.UnknownLinkError):
        links.local_text("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js?x=https://evil")


def test_names_that_try_to_be_code_stay_names(city: Session) -> None:
    add_site(city, HOSTILE)
    add_case(city, HOSTILE, TODAY, TODAY)
    city.execute(text("UPDATE unit SET name = :name"), {"name": HOSTILE})
    city.execute(text("UPDATE grid SET name = :name"), {"name": HOSTILE})
    actor = dataclasses.replace(terminal(), name=HOSTILE)
    found = page(city, actor=actor)
    assert "<img src=x" not in found
    assert "{{7*7}}49" not in found
    assert block(found, "sites")["places"][0][3] == HOSTILE
    assert block(found, "cases")["places"][0][3].endswith(HOSTILE)
    assert block(found, "borders")["names"][0][2] == HOSTILE
    assert block(found, "areas")["features"]["features"][0]["properties"]["t"][0] == HOSTILE
    assert HOSTILE in words(found)
    title = re.search(r"<title>(.*?)</title>", found)
    assert title
    assert html.unescape(title[1]).endswith(f"{HOSTILE} 巡查覆盖快照")


def test_figures_are_the_coverages_own_floored(city: Session) -> None:
    told = coverage.unit_coverage(city, OWN, EVERYTHING, world.VILLAGES[0], on=TODAY)
    found = page(city)
    said = words(found)
    assert f"{told.unit.covered_percent:.1f}% 已查" in said
    assert (
        f"已过期 {int(told.unit.shares.stale.area_m2 / 100) / 100:,.2f} 公顷 {told.unit.shares.stale.percent:.1f}%"
        in said
    )
    classes = {
        each["properties"]["t"][0]: each["properties"]["k"] for each in block(found, "areas")["features"]["features"]
    }
    covered = {row.name: row.covered_percent for row in told.children}
    assert set(classes) == set(covered)
    bounds = [0, 20, 50, 80, 95]
    assert classes == {
        name: sum(percent >= each for each in bounds) - 1 for name, percent in covered.items() if percent is not None
    }
    assert "审图号：苏S（2026）1号" in said
    assert "WGS-84" in said


def test_a_past_day_shows_what_was_known_of_it(city: Session) -> None:
    add_case(city, "电镀作坊", TODAY - timedelta(days=9), TODAY - timedelta(days=2))
    now, then, before = page(city), page(city, days_ago=5), page(city, days_ago=30)
    assert "已完成整治 1 件" in words(now)
    assert "已登记 1 件" in words(then)
    assert "案件共 0 处" in words(before)
    assert block(now, "picture")["url"] != block(then, "picture")["url"]
    assert words(before).lstrip().startswith('aria-label="数据"> 0% 已查')


def test_what_is_cut_or_has_no_place_is_said(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_SITES", 2)
    monkeypatch.setattr(service, "MOST_PAGE_POINTS", 4)
    monkeypatch.setattr(shapes, "MOST_AREAS", 2)
    for column in (0.2, 0.5, 0.8):
        add_site(city, "厂房", column)
    add_site(city, "不知在哪", None)
    found = page(city, world.CITY)
    said = words(found)
    assert "场所共 4 处（按现有名录，状态截至所选日期），其中 1 处没有坐标，不在图上" in said
    assert "图上只画最紧要的 2 处，少画 1 处" in said
    assert len(block(found, "sites")["places"]) == 2
    assert "网格共 6 个，图上改按村（社区）显示" in said
    assert "米简化" in said


def test_sites_and_cases_are_only_for_who_may_read_them(city: Session) -> None:
    add_site(city, "秘密厂房")
    rights = terminal().rights - {Right.READ_SITES, Right.READ_CASES}
    found = page(city, actor=dataclasses.replace(terminal(), rights=rights))
    assert "秘密厂房" not in found
    assert "没有查看场所的权限" in words(found)
    assert "没有查看案件的权限" in words(found)


def test_no_officer_and_no_telephone_leaves_the_house(city: Session) -> None:
    city.execute(text("UPDATE officer SET name = '王建国', phone = '138-0013-8001'"))
    found = page(city)
    assert block(found, "spots")["features"]
    assert "王建国" not in found
    assert "138-0013" not in found


def test_outside_of_the_scope_unknown_or_to_come_is_refused(city: Session) -> None:
    other = dataclasses.replace(terminal(), scope=Scope((f"{PATH}.{world.VILLAGES[1]}",)))
    with pytest.raises(ForbiddenError):
        page(city, actor=other)
    with pytest.raises(NotFoundError):
        page(city, "999999999999")
    with pytest.raises(InvalidInputError, match="还没有到"):
        page(city, days_ago=-1)


def test_the_look_is_noted_for_the_audit(city: Session) -> None:
    actor = terminal()
    service.as_html(city, OWN, actor, world.TOWN)
    assert actor.facts["download"] == f"{world.TOWN}-{TODAY.isoformat()}.html"
