"""The take-away page: folium's map in one HTML file with everything in it, which opens from disk without a network.

folium reads what it is given as templates and markup; so no word from the data passes through it. Data stand beside
the map as JSON blocks, words in the panel are escaped by Jinja, and a policy lets only the scripts of the file run.
"""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any, cast

import folium
import numpy as np
import shapely
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.map import Layer
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from app.snapshots import looks, panel
from app.snapshots.facts import Facts, Places
from app.snapshots.freshness import Picture, as_png
from app.snapshots.links import local_text
from app.snapshots.shapes import Area

ASSETS = Path(__file__).with_name("assets")
MOST_NAMES = 60
FEW_SITES, FEW_GRIDS = 2_000, 60  # with more, dots upon dots and the picture are for whoever switches them on
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# What could end a block or begin a tag.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Plain(Element):
    """Finished markup, which folium passes on as it is (an Element made of a text would read it as a template)."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class DataLayer(Layer):
    """A layer that page.js makes of a JSON block."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = "
        "wuyilou.layer({{ this.kind|tojson }}, {{ this.block|tojson }});{% endmacro %}"
    )

    def __init__(self, kind: str, label: str, show: bool = True) -> None:
        super().__init__(name=label, overlay=True, show=show)
        self._name = "DataLayer"
        self.kind, self.block = kind, f"data-{kind}"


class Finish(MacroElement):
    """What page.js does last."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "wuyilou.finish({{ this._parent.get_name() }}, {{ this.bounds|tojson }});{% endmacro %}"
    )

    def __init__(self, bounds: list[list[float]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Finish"
        self.bounds = bounds


def page(facts: Facts, seen: Picture | None, approval: str) -> bytes:
    """The file. Raises UnknownLinkError when folium links what the table of links does not know."""
    west, south, east, north = facts.unit.bbox
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        max_zoom=19,
    )
    blocks = _layers(made, facts, seen)
    folium.LayerControl(collapsed=False).add_to(made)
    Finish([[south, west], [north, east]]).add_to(made)
    root = cast("Figure", made.get_root())
    root.title = panel.escaped(panel.title(facts))
    made.render()  # type: ignore[no-untyped-call]
    _bring_home(root)
    root.html.add_child(Plain(panel.panel(facts, seen, approval)), name="panel", index=0)
    root.html.add_child(Plain("\n".join(_block(f"data-{kind}", data) for kind, data in blocks.items())), name="data")
    return _guarded(root._template.render(this=root, kwargs={})).encode()


def _layers(made: folium.Map, facts: Facts, seen: Picture | None) -> dict[str, Any]:
    """Put the layers onto the map; what each is made of."""
    digits = 6 if facts.ground.tolerance_m < 1 else 5
    small = facts.ground.grid_count <= FEW_GRIDS
    blocks: dict[str, Any] = {}

    def add(kind: str, label: str, data: Any, show: bool = True) -> None:
        DataLayer(kind, label, show).add_to(made)
        blocks[kind] = data

    if seen is not None:
        add("picture", "多久前看过", _picture(seen), show=small)
    add("areas", f"已查比例（按{looks.LEVEL_NAMES[facts.ground.level]}）", _areas(facts, digits))
    if not facts.ground.excluded.is_empty:
        add("excluded", "已批准扣除", _geometry(facts.ground.excluded, digits))
    add("borders", "边界与名称", _borders(facts, digits))
    if facts.spots.features:
        add("spots", "盲区", _spots(facts))
    if facts.sites is not None:
        states = [_site_look(index, *look) for index, look in enumerate(looks.SITE_STATES.values())]
        shown = len(facts.sites.shown) <= FEW_SITES
        add("sites", "场所", {"states": states, "places": _places(facts.sites, tuple(looks.SITE_STATES))}, shown)
    if facts.cases is not None:
        pins = [dict(zip(("word", "letter", "fill", "ink"), look, strict=True)) for look in looks.CASE_STATES.values()]
        add("cases", "案件", {"states": pins, "places": _places(facts.cases, tuple(looks.CASE_STATES))})
    return blocks


def _areas(facts: Facts, digits: int) -> dict[str, Any]:
    features = []
    for area in facts.ground.areas:
        percent = facts.percents.get(area.code)
        index = looks.class_of(percent)
        told = "没有应查面积" if percent is None else f"已查 {percent:.1f}%"
        properties = {"k": -1 if index is None else index, "t": [area.name, told]}
        features.append({"type": "Feature", "properties": properties, "geometry": _geometry(area.shape, digits)})
    return {"colours": looks.CLASS_COLOURS, "features": {"type": "FeatureCollection", "features": features}}


def _borders(facts: Facts, digits: int) -> dict[str, Any]:
    below: list[Area] = facts.ground.below
    largest = sorted(below, key=lambda each: -each.shape.area)[:MOST_NAMES]
    return {
        "own": _geometry(facts.ground.own.shape, digits),
        "below": [_geometry(each.shape, digits) for each in below],
        "names": [[round(each.lat, 6), round(each.lon, 6), each.name] for each in largest],
    }


def _spots(facts: Facts) -> dict[str, Any]:
    """Blind spots without the officers' telephones: the file leaves the house."""
    features = []
    for found in facts.spots.features:
        told = found["properties"]
        age = "从未查看" if told["last_seen"] is None else f"最近查看 {told['last_seen']}，{told['age_days']} 天前"
        lines = [
            f"盲区第 {told['rank']} 位",
            looks.area(told["area_m2"]),
            age,
            f"{told['village']} {told['grid_name']}",
        ]
        features.append({"type": "Feature", "properties": {"t": lines}, "geometry": found["geometry"]})
    return {"type": "FeatureCollection", "features": features}


def _places(places: Places, states: tuple[str, ...]) -> list[list[Any]]:
    order = {state: index for index, state in enumerate(states)}
    return [[round(each.lat, 6), round(each.lon, 6), order[each.state], each.name] for each in places.shown]


def _site_look(index: int, word: str, fill: str, line: str) -> dict[str, Any]:
    # The more urgent the larger: told without colour, too.
    return {"word": word, "fill": fill, "line": line, "radius": 7 - 0.8 * index}


def _picture(seen: Picture) -> dict[str, Any]:
    west, south, east, north = seen.bounds
    url = "data:image/png;base64," + base64.b64encode(as_png(seen.classes)).decode()
    return {"url": url, "bounds": [[south, west], [north, east]], "alt": "多久前看过"}


def _geometry(shape: BaseGeometry, digits: int) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda points: np.round(points, digits))
    found: dict[str, Any] = shapely.geometry.mapping(rounded)
    return found


def _block(name: str, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return f'<script type="application/json" id="{name}">{text}</script>'


def _bring_home(root: Figure) -> None:
    """Put our files into the place of folium's links, and our own script and style after them."""
    for name, child in list(root.header._children.items()):
        if isinstance(child, JavascriptLink | CssLink):
            text = local_text(child.url)
            if text is None:
                del root.header._children[name]
            else:
                tag = "script" if isinstance(child, JavascriptLink) else "style"
                root.header.add_child(Plain(f"<{tag}>{text}</{tag}>"), name=name)
    style, script = ((ASSETS / name).read_text("utf-8") for name in ("page.css", "page.js"))
    root.header.add_child(Plain(f"<style>{style}</style>\n<script>{script}</script>"), name="wuyilou")


def _guarded(html: str) -> str:
    """With a policy that runs the file's own scripts, by digest, and loads nothing."""
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _SCRIPT.findall(html)}
    hashes = " ".join(f"'sha256-{digest}'" for digest in sorted(digests))
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}; form-action \'none\'">'
    return html.replace("<html>", '<html lang="zh-CN">', 1).replace(
        "<head>", f'<head>\n<meta charset="utf-8">{meta}', 1
    )
