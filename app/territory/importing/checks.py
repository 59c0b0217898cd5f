"""Checks across rows: doubles, parents, what lies outside its parent, and a datum that does not seem right."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from app.territory.codes import LEVEL_NAMES, level_of, lineage
from app.territory.importing.drafts import GridDraft, UnitDraft
from app.territory.importing.fit import Floats, Shapes, outside_share, suspect
from app.territory.importing.report import WHOLE_FILE, Findings, RowLabel

# Above the first it is somewhere else altogether; below the second it is the raggedness of borders.
OUTSIDE_ERROR_SHARE = 0.5
OUTSIDE_WARNING_SHARE = 0.01


class Draft(Protocol):
    """What every draft has."""

    @property
    def label(self) -> RowLabel:
        """Its row."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def parent(self) -> str | None:
        """The unit it belongs to, if any."""


def double_codes(drafts: Iterable[Draft], findings: Findings) -> None:
    """A code that stands in several rows is an error in each."""
    rows: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        rows[draft.code].append(draft)
    for code, same in rows.items():
        for draft in same if code and len(same) > 1 else []:
            others = "、".join(str(d.label.row) for d in same if d is not draft)
            findings.error(draft.label, "double_code", f"代码与第 {others} 行重复", "每个代码只保留一行。")


def double_shapes(drafts: Sequence[Draft], shapes: Shapes, findings: Findings) -> None:
    """The same shape twice under one parent is an error in each row. A child may be all of its parent."""
    rows: dict[tuple[str | None, bytes], list[Draft]] = defaultdict(list)
    for draft, wkb in zip(drafts, shapely.to_wkb(shapely.normalize(shapes)), strict=True):
        rows[(draft.parent, wkb)].append(draft)
    for same in rows.values():
        for draft in same if len(same) > 1 else []:
            others = "、".join(str(d.label.row) for d in same if d is not draft)
            findings.error(draft.label, "double_shape", f"图形与第 {others} 行完全相同", "核对后删去多余的一行。")


def unit_parents(drafts: Iterable[UnitDraft], known: set[str], roots_allowed: bool, findings: Findings) -> None:
    """Every unit's parent must be stored or in the file; a unit with nothing above it only when roots are allowed."""
    for draft in drafts:
        if draft.parent is None or draft.parent in known:
            continue
        above = [code for code in lineage(draft.parent) if code in known]
        level = LEVEL_NAMES[level_of(draft.parent)]
        if above or not roots_allowed:
            findings.error(
                draft.label,
                "no_parent",
                f"缺少上级单位（{level} {draft.parent}）",
                "先导入上级单位，或把它放进同一文件。"
                if above
                else "先导入上级单位；若本单位就是最上级，请允许作为根单位。",
            )


def grid_units(drafts: Iterable[GridDraft], known: set[str], findings: Findings) -> None:
    """Every grid's unit must be stored; grids usually lie under villages."""
    for draft in drafts:
        if draft.unit_code not in known:
            what = f"所属单位 {draft.unit_code} 不存在"
            findings.error(draft.label, "no_unit", what, "先导入该单位，或改正所属区划代码。")
        elif level_of(draft.unit_code) != "village":
            level = LEVEL_NAMES[level_of(draft.unit_code)]
            what = f"所属单位 {draft.unit_code} 是{level}，不是村（社区）"
            findings.warning(draft.label, "not_village", what, "网格一般划在村（社区）之下，请核对。")


def outside(
    drafts: Sequence[Draft],
    shapes: Shapes,
    areas_m2: Floats,
    homes: Sequence[BaseGeometry | None],
    findings: Findings,
) -> None:
    """What lies outside its parent, and by how much."""
    for draft, share, area_m2 in zip(drafts, outside_share(shapes, homes), areas_m2, strict=True):
        if share < OUTSIDE_WARNING_SHARE:
            continue
        what = f"有 {share * area_m2:,.0f} 平方米（{share:.1%}）在上级单位 {draft.parent} 之外"
        if share > OUTSIDE_ERROR_SHARE:
            findings.error(draft.label, "outside", what, "核对代码、图形和坐标系。")
        else:
            findings.warning(draft.label, "outside", what, "核对边界；界外部分不计入上级单位。")


def datum(
    shapes: Shapes,
    homes: Sequence[BaseGeometry | None],
    named: str,
    readings: Mapping[str, Callable[[Shapes], Shapes]],
    confirmed: bool,
    findings: Findings,
) -> None:
    """Say so when another datum would make the layer fit markedly better; an error unless a person confirmed it."""
    found = suspect(shapes, homes, outside_share(shapes, homes), readings)
    if found is None:
        return
    add = findings.warning if confirmed else findings.error
    add(
        WHOLE_FILE,
        "suspected_datum",
        f"坐标系疑似有误：按 {named} 读取有 {found.outside_now:.1%} 的面积偏出已有边界，按 {found.datum} 读取只有 "
        f"{found.outside_then:.1%}",
        f"核对数据来源；若确为 {found.datum}，请改选后重新导入；若 {named} 无误，"
        "请确认坐标系（datum_confirmed）后再导入。",
    )


def rows_of(shapes: npt.NDArray[Any], at: Iterable[int]) -> Shapes:
    """Shapes at positions, as an array."""
    return shapes[np.fromiter(at, dtype=np.int64)]
