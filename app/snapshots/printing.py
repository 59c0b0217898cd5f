"""The map on A3 with its table, as PDF: vectors by our own SVG, set by typst."""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import typst

from app.coverage.schemas import CoverageRow
from app.snapshots import drawing, looks
from app.snapshots.drawing import Mark
from app.snapshots.facts import Facts
from app.snapshots.freshness import Picture
from app.snapshots.mercator import Sheet

TEMPLATE = Path(__file__).with_name("assets") / "sheet.typ"
MAP_MM = (288.0, 248.0)
INSET_MM = (103.0, 72.0)
SHORT_ROWS = 16  # a table of so many rows stands under the map
_ROW_MM, _TABLE_MM = 4.8, 14.0
MOST_SPOTS = 12
COLUMNS = ("名称", "代码", "已查", *looks.SHARES.values(), "全部面积", "最大盲区")


def map_mm(facts_rows: int) -> tuple[float, float]:
    """The size of the map that leaves room for a short table of some rows."""
    if 0 < facts_rows <= SHORT_ROWS:
        return MAP_MM[0], MAP_MM[1] - _TABLE_MM - _ROW_MM * facts_rows
    return MAP_MM


def pdf(facts: Facts, sheet: Sheet, seen: Picture | None, approval: str) -> bytes:
    """The PDF, A3 across. `sheet`: of the map, in the size that `map_mm` gives."""
    inset = drawing.sheet_for(facts.ground, *INSET_MM)
    with tempfile.TemporaryDirectory(prefix="wuyilou-sheet-") as folder:
        root = Path(folder)
        (root / "map.svg").write_bytes(drawing.freshness_map(facts.ground, sheet, seen, _marks(facts)))
        (root / "inset.svg").write_bytes(drawing.share_map(facts.ground, inset, facts.percents))
        (root / "data.json").write_text(json.dumps(_data(facts, sheet, seen, approval), ensure_ascii=False), "utf-8")
        shutil.copyfile(TEMPLATE, root / "sheet.typ")
        return typst.compile(root / "sheet.typ", root=root, font_paths=_fonts(), format="pdf")


@cache
def _fonts() -> typst.Fonts:
    """The system's fonts, looked for once."""
    return typst.Fonts(include_system_fonts=True)


def _data(facts: Facts, sheet: Sheet, seen: Picture | None, approval: str) -> dict[str, Any]:
    row = facts.cover.unit
    made = f"{facts.made_at:%Y-%m-%d %H:%M} 由 {facts.made_by} 生成。"
    approved = f"　审图号：{approval}" if approval else ""
    return {
        "title": f"{facts.full_name} 巡查覆盖图",
        "on": looks.day(facts.on),
        "foot": f"{looks.DATUM}。比例尺以图幅中心为准。{made}{approved}",
        "map_mm": [sheet.width_mm, sheet.height_mm],
        "inset_mm": INSET_MM,
        "short": 0 < len(facts.cover.children) <= SHORT_ROWS,
        "covered": looks.percent(row.covered_percent, row.shares.tracked.area_m2),
        "domain": looks.area(row.domain_m2),
        "shares": [
            (text, looks.area(getattr(row.shares, name).area_m2), percent)
            for (name, text), percent in zip(looks.SHARES.items(), looks.percents(row), strict=True)
        ],
        "legend_title": "最近一次轨迹距所选日期" if seen else "本图不含“多久前看过”",
        "legend": _legend(facts, seen),
        "inset_title": f"已查占应查面积（按{looks.LEVEL_NAMES[facts.ground.level]}）",
        "classes": [*(_swatch(*each) for each in _classes()), _swatch("没有应查面积", kind="never")],
        "spots": [_spot(found["properties"]) for found in facts.spots.features],
        "columns": COLUMNS,
        "rows": [_row(child) for child in facts.cover.children],
        "notes": _notes(facts, seen),
    }


def _row(row: CoverageRow) -> list[str]:
    largest = "—" if row.largest_blind_spot_m2 is None else looks.area(row.largest_blind_spot_m2)
    covered = looks.percent(row.covered_percent, row.shares.tracked.area_m2)
    return [row.name, row.code, covered, *looks.percents(row), looks.area(row.area_m2), largest]


def _marks(facts: Facts) -> list[Mark]:
    told = (found["properties"] for found in facts.spots.features)
    return [Mark(each["walk_to"][0], each["walk_to"][1], str(each["rank"])) for each in told]


def _spot(told: dict[str, Any]) -> list[str]:
    age = "从未查看" if told["last_seen"] is None else f"{told['age_days']} 天前"
    return [str(told["rank"]), looks.area(told["area_m2"]), f"{told['village']} {told['grid_name']}", age]


def _legend(facts: Facts, seen: Picture | None) -> list[dict[str, str]]:
    marks = [_swatch(text, fill) for fill, text in looks.freshness_legend(seen.cycle_days)] if seen else []
    marks += [_swatch("从未查看", kind="never")] if seen else []
    marks.append(_swatch("无主地（不属于任何网格）", kind="nobody"))
    if not facts.ground.excluded.is_empty:
        marks.append(_swatch("已批准扣除（水面等）", kind="water"))
    if facts.spots.features:
        marks.append(_swatch("盲区（编号见下表）", kind="mark"))
    return marks


def _classes() -> list[tuple[str, str]]:
    return list(zip(looks.CLASS_NAMES, looks.CLASS_COLOURS, strict=True))[::-1]


def _swatch(text: str, fill: str = "", kind: str = "") -> dict[str, str]:
    return {"text": text, "fill": fill, "kind": kind}


def _notes(facts: Facts, seen: Picture | None) -> list[str]:
    found = ["各网格按自身周期判定是否已查；图上“多久前看过”统一按同一周期着色。"]
    if seen is None:
        found.append("这一天以后的巡查记录过多，回溯所需时间过长，本图未绘“多久前看过”。")
    if facts.cover.unit.generated:
        found.append("演示边界（生成）。")
    if facts.ground.tolerance_m:
        found.append(f"图上边界按约 {max(facts.ground.tolerance_m, 0.1):.1f} 米简化；面积按原始边界计算。")
    if facts.ground.level != "grid":
        found.append(f"网格共 {facts.ground.grid_count:,} 个，图上改按{looks.LEVEL_NAMES[facts.ground.level]}显示。")
    return found
