"""The words beside the map of the take-away page: title, shares, legend, table, notes. All escaped by Jinja."""

import html
from pathlib import Path
from typing import Any

import jinja2

from app.coverage.schemas import CoverageRow
from app.snapshots import looks
from app.snapshots.facts import Facts, Places
from app.snapshots.freshness import Picture

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("assets")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


def escaped(text: str) -> str:
    """A text as markup shows it."""
    return html.escape(text)


def title(facts: Facts) -> str:
    """What the snapshot is called."""
    return f"{facts.full_name} 巡查覆盖快照"


def panel(facts: Facts, seen: Picture | None, approval: str) -> str:
    """The markup of the head and the panel."""
    row = facts.cover.unit
    return _TEMPLATES.get_template("panel.html").render(
        title=title(facts),
        on=looks.day(facts.on),
        made=f"{facts.made_at:%Y-%m-%d %H:%M} 由 {facts.made_by} 生成",
        covered=looks.percent(row.covered_percent, row.shares.tracked.area_m2),
        domain=looks.area(row.domain_m2),
        shares=[
            (text, looks.area(getattr(row.shares, name).area_m2), percent)
            for (name, text), percent in zip(looks.SHARES.items(), looks.percents(row), strict=True)
        ],
        total=looks.area(row.area_m2),
        legends=_legends(facts, seen),
        below_title=f"下级单元（{len(facts.cover.children)} 个）",
        share_names=list(looks.SHARES.values()),
        rows=[row_of(child) for child in facts.cover.children],
        notes=notes(facts, seen, approval),
    )


def row_of(row: CoverageRow) -> dict[str, Any]:
    """A unit or grid as tables show it."""
    return {
        "name": row.name,
        "covered": looks.percent(row.covered_percent, row.shares.tracked.area_m2),
        "shares": looks.percents(row),
        "area": looks.area(row.area_m2),
    }


def notes(facts: Facts, seen: Picture | None, approval: str) -> list[str]:
    """What must be known to read the snapshot, and all that was left out of it."""
    ground = facts.ground
    found = [f"{looks.DATUM}。面积按椭球面计算，百分比一律向下取整。各网格按自身周期判定是否已查。"]
    if approval:
        found.append(f"审图号：{approval}")
    if facts.cover.unit.generated:
        found.append("演示边界（生成）。")
    if ground.tolerance_m:
        found.append(f"为控制文件大小，边界按约 {max(ground.tolerance_m, 0.1):.1f} 米简化；面积和比例按原始边界计算。")
    if ground.level != "grid":
        found.append(f"网格共 {ground.grid_count:,} 个，图上改按{looks.LEVEL_NAMES[ground.level]}显示。")
    found.append(_of_picture(seen))
    found.append(_of_spots(facts))
    found += _of_places("场所", facts.sites, "按现有名录，状态截至所选日期")
    found += _of_places("案件", facts.cases, "截至所选日期已发现的案件")
    found.append("本文件含场所、企业名称等工作信息，请按规定保管，不得上传互联网。")
    return found


def _of_picture(seen: Picture | None) -> str:
    if seen is None:
        return "“多久前看过”图层未包含：这一天以后的巡查记录过多，回溯所需时间过长。请选择今天或较小的单元。"
    return f"“多久前看过”图层统一按 {seen.cycle_days} 天周期着色，每个像素约 {seen.pixel_m:.1f} 米。"


def _of_spots(facts: Facts) -> str:
    spots = facts.spots
    cut = f"，另有更多未列入，图上只画最紧要的 {spots.returned} 处" if spots.truncated else ""
    return f"未查到的面积共 {looks.area(spots.total_m2)}；100 平方米以上的盲区 {spots.returned} 处{cut}。"


def _of_places(what: str, places: Places | None, how: str) -> list[str]:
    if places is None:
        return [f"生成人没有查看{what}的权限，本快照不含{what}。"]
    text = f"{what}共 {sum(places.counts.values()):,} 处（{how}）"
    if places.unplaced:
        text += f"，其中 {places.unplaced:,} 处没有坐标，不在图上"
    if places.hidden:
        text += f"，图上只画最紧要的 {len(places.shown):,} 处，少画 {places.hidden:,} 处"
    return [f"{text}。"]


def _legends(facts: Facts, seen: Picture | None) -> list[dict[str, Any]]:
    classes = list(zip(looks.CLASS_COLOURS, looks.CLASS_NAMES, strict=True))[::-1]
    shown: list[tuple[str, list[dict[str, Any]]]] = [
        (
            "已查占应查面积",
            [*(_mark(text, fill) for fill, text in classes), _mark("没有应查面积", kind="none")],
        )
    ]
    if seen is not None:
        marks = [_mark(text, fill) for fill, text in looks.freshness_legend(seen.cycle_days)]
        shown.append(("多久前看过（最近一次轨迹距所选日期）", [*marks, _mark("从未查看：不着色")]))
    others = [_mark("盲区（100 平方米以上）", kind="spot")]
    if not facts.ground.excluded.is_empty:
        others.append(_mark("已批准扣除（水面等）", kind="water"))
    shown.append(("其他", others))
    if facts.sites is not None:
        counts = facts.sites.counts
        dots = [
            _mark(f"{word} {counts[state]:,} 处", fill, line, "dot")
            for state, (word, fill, line) in looks.SITE_STATES.items()
        ]
        shown.append(("场所", dots))
    if facts.cases is not None:
        counts = facts.cases.counts
        pins = [
            _mark(f"{word} {counts[state]:,} 件", fill, ink) | {"pin": letter}
            for state, (word, letter, fill, ink) in looks.CASE_STATES.items()
        ]
        shown.append(("案件", pins))
    return [{"title": name, "marks": marks} for name, marks in shown]


def _mark(text: str, fill: str = "", line: str = "#7d8a94", kind: str = "") -> dict[str, Any]:
    return {"text": text, "fill": fill, "line": line, "kind": kind, "pin": ""}
