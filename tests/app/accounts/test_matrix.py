"""Who may what, where: every route x every role x inside and outside, against one table. The default is no."""

import io
import json
import math
from collections.abc import Iterator

import pytest
from PIL import Image
from shapely.geometry import mapping
from sqlalchemy.engine import URL

from app.main import FEATURES
from app.rights import RIGHTS
from app.security import routes_with_rights
from tests.app.accounts.asks import Ask, Line
from tests.app.accounts.matrix import ROLES, TABLE
from tests.app.accounts.stage import Stage, staged
from tests.app.review.world import square
from tests.support import databases
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

DENIED = {401, 403}


@pytest.fixture(scope="module")
def stage(template: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for the whole matrix."""
    with databases.fresh_database(template) as url, staged(url, tmp_path_factory.mktemp("matrix")) as stage:
        yield stage


def roles_with(line: Line) -> list[str]:
    """The roles that the table lets in."""
    return [role for role in ROLES if line.right in ROLES[role].split()]


def path_of(ask: Ask, stage: Stage) -> str:
    """The address with records in the place of their names."""
    return ask.path.format(**stage.names)


def test_the_table_holds_every_route_with_its_right_and_says_where_its_scope_is_tested() -> None:
    served = {
        f"{method} {route.path}": None if right is None else right.value
        for route, right in routes_with_rights(FEATURES)
        for method in route.methods or ()
    }
    assert served == {route: line.right for route, line in TABLE.items()}
    assert [route for route, line in TABLE.items() if not (line.outside or line.hides or line.elsewhere)] == []


def test_the_roles_may_what_the_table_says() -> None:
    assert {role.value: set(rights) for role, rights in RIGHTS.items()} == {
        role: set(rights.split()) for role, rights in ROLES.items()
    }


@pytest.mark.parametrize("route", [route for route, line in TABLE.items() if line.right is not None])
def test_who_has_no_right_is_turned_away(stage: Stage, route: str) -> None:
    """Nobody, every role without the right, and a token of somebody with it that was not given it."""
    line, method = TABLE[route], route.split()[0]
    path, options = path_of(line.ask, stage), line.ask.options(stage.names)
    assert stage.nobody().request(method, path, **options).status_code == 401
    for role in ROLES.keys() - set(roles_with(line)):
        refused = stage.known(role).request(method, path, **options)
        assert (role, refused.status_code) == (role, 403)
        assert refused.json()["error"]["facts"] == {"right": line.right}
    machine = stage.machine(roles_with(line)[0], without=line.right or "")
    refused = machine.request(method, path, **options)
    assert refused.status_code == 403
    assert refused.json()["error"]["facts"] == {"right": line.right}


@pytest.mark.parametrize("route", [route for route, line in TABLE.items() if not line.streams])
def test_who_has_the_right_is_let_in_inside(stage: Stage, route: str) -> None:
    line, method = TABLE[route], route.split()[0]
    for role in roles_with(line) if line.right else ():
        ask = line.officers or line.ask if role == "officer" else line.ask
        answer = stage.browser(role).request(method, path_of(ask, stage), **ask.options(stage.names))
        assert answer.status_code not in DENIED, (role, answer.text)
        assert answer.status_code < 500, (role, answer.text)
        for name in line.hides:
            assert stage.names.get(name, name) not in answer.text, (role, name)
        for name in line.shows:
            assert stage.names.get(name, name) in answer.text, (role, name)


@pytest.mark.parametrize("route", [route for route, line in TABLE.items() if line.outside])
def test_nobody_reaches_beyond_their_scope(stage: Stage, route: str) -> None:
    line, method = TABLE[route], route.split()[0]
    assert line.outside is not None
    path, options = path_of(line.outside, stage), line.outside.options(stage.names)
    for role in roles_with(line):
        # Signed in anew: those let in may have ended all of their sessions.
        refused = stage.browser(role).request(method, path, **options)
        assert (role, refused.status_code) == (role, 403), refused.text
        assert "right" not in refused.json()["error"]["facts"], "refused for the place, not for the right"


@pytest.mark.parametrize("role", [role for role, rights in ROLES.items() if "coverage.read" in rights.split()])
def test_a_picture_of_ground_beyond_the_scope_is_blank(stage: Stage, role: str) -> None:
    browser = stage.browser(role)
    pictures = {
        row: browser.get(f"/api/tiles/freshness/{tile(0.5, row, 15)}.png?cycle_days=366").content for row in (2.5, 0.5)
    }
    seen = {
        row: Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A").getextrema() for row, png in pictures.items()
    }
    assert seen[2.5] != (0, 0), "inside something is painted"
    assert seen[0.5] == (0, 0)


def test_a_file_changes_no_ground_beyond_its_senders_scope(stage: Stage) -> None:
    for row, status in ((2.8, 200), (0.8, 422)):
        area = {
            "type": "Feature",
            "geometry": mapping(square(0.8, row)),
            "properties": {"编码": f"F{row}", "类别": "水域", "原因": "水面"},
        }
        text = json.dumps({"type": "FeatureCollection", "features": [area]})
        data = {"subject": "exclusions", "datum": "WGS-84"}
        told = stage.browser("administrator").post(
            "/api/territory/imports", data=data, files={"file": ("pond.geojson", text.encode())}
        )
        assert told.status_code == status, told.text
        assert ("out_of_scope" in told.text) == (status == 422)


def tile(column: float, row: float, zoom: int) -> str:
    """The tile at a place counted in grid sizes from the south-west corner of the city."""
    lon, lat = WEST + column * WIDTH, math.radians(SOUTH + row * HEIGHT)
    x = (lon + 180) / 360 * 2**zoom
    y = (1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**zoom
    return f"{zoom}/{int(x)}/{int(y)}"
