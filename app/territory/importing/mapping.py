"""Which column of a file holds what: as the person said, else by the names such files usually have."""

from collections.abc import Iterable, Mapping, Sequence

from app.errors import InvalidInputError
from app.territory.schemas import Subject

_CODE = ("code", "代码", "编码", "编号", "dm", "bm", "adcode", "gb", "pac", "id")
_NAME = ("name", "名称", "mc", "name_zh", "name_chn")
_UNIT_FIELDS: dict[str, Sequence[str]] = {
    "code": ("区划代码", "行政区划代码", "区划编码", "xzqdm", "xzdm", "qhdm", "zldwdm", "cundm", "unit_code", *_CODE),
    "name": ("区划名称", "行政区名称", "行政区划名称", "xzqmc", "xzmc", "qhmc", "zldwmc", "unit_name", *_NAME),
}
_GRID_FIELDS: dict[str, Sequence[str]] = {
    "code": ("网格编码", "网格代码", "网格编号", "wgbm", "wgdm", "grid_code", "gridcode", "grid_id", *_CODE),
    "name": ("网格名称", "wgmc", "grid_name", "gridname", *_NAME),
    "unit_code": (
        *("所属区划代码", "所属单位代码", "区划代码", "行政区划代码", "村代码", "社区代码", "所属村代码"),
        *("unit_code", "village_code", "parent_code", "xzqdm", "qhdm", "sscdm", "parent"),
    ),
    "risk": ("风险等级", "风险级别", "风险", "fxdj", "risk", "risk_level"),
    "cycle_days": ("巡查周期", "周期", "周期天数", "巡查周期天数", "zq", "xczq", "cycle", "cycle_days"),
    "officer_code": ("网格员编码", "网格员编号", "网格员工号", "工号", "wgybm", "officer_code", "officer_id"),
    "officer_name": (
        "网格员",
        "网格员姓名",
        "专职网格员",
        "责任人",
        "负责人",
        "wgy",
        "wgyxm",
        "officer",
        "officer_name",
    ),
    "officer_phone": ("联系电话", "网格员电话", "电话", "手机", "手机号", "lxdh", "phone", "tel", "mobile"),
}
_EXCLUSION_FIELDS: dict[str, Sequence[str]] = {
    "code": ("排除区编码", "排除编码", "exclusion_code", *_CODE, "osm_id", "fid"),
    "name": _NAME,
    "kind": ("类别", "类型", "种类", "lb", "lx", "kind", "type", "class"),
    "effect": ("处理方式", "效果", "effect"),
    "reason": ("原因", "理由", "事由", "yy", "reason"),
    "state": ("状态", "审批状态", "zt", "state", "status"),
}
FIELDS: Mapping[Subject, Mapping[str, Sequence[str]]] = {
    "units": _UNIT_FIELDS,
    "grids": _GRID_FIELDS,
    "exclusions": _EXCLUSION_FIELDS,
}
REQUIRED: Mapping[Subject, Sequence[str]] = {"units": ("code", "name"), "grids": ("code", "name"), "exclusions": ()}
_SHAPEFILE_NAME_BYTES = 10
LABELS = {
    "code": "代码",
    "name": "名称",
    "unit_code": "所属区划代码",
    "risk": "风险等级",
    "cycle_days": "周期",
    "officer_code": "网格员编码",
    "officer_name": "网格员姓名",
    "officer_phone": "联系电话",
    "kind": "类别",
    "effect": "处理方式",
    "reason": "原因",
    "state": "状态",
}


def resolve(subject: Subject, columns: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Column of each field that is used. A column serves one field only; what was given wins.

    Raises InvalidInputError for a field or column that does not exist, or a required field that is not found.
    """
    fields, present = FIELDS[subject], list(columns)
    _check_given(fields, present, given)
    mapping = dict(given)
    taken = set(given.values())
    whole = {name for usual in fields.values() for name in usual}
    by_lower = {column.strip().lower(): column for column in reversed(present)}
    for field, usual in fields.items():
        if field in mapping:
            continue
        names = [*usual, field, *(cut for name in usual for cut in _cuts(name) if cut not in whole)]
        found = next((by_lower[n] for n in names if n in by_lower and by_lower[n] not in taken), None)
        if found is not None:
            mapping[field] = found
            taken.add(found)
    missing = [field for field in REQUIRED[subject] if field not in mapping]
    if missing:
        lacking = "、".join(f"{LABELS[field]}（{field}）" for field in missing)
        raise InvalidInputError(
            f"没有找到{lacking}列，未导入任何内容。文件中的列有：{'、'.join(present) or '无'}。"
            "请用列对应指明，例如 code=DM。",
            missing=missing,
            columns=present,
        )
    return mapping


def _cuts(name: str) -> list[str]:
    """What is left of a name in a shapefile, which gives it ten bytes."""
    return [
        cut
        for encoding in ("utf-8", "gb18030")
        if (cut := name.encode(encoding)[:_SHAPEFILE_NAME_BYTES].decode(encoding, errors="ignore")) != name
    ]


def _check_given(fields: Mapping[str, Sequence[str]], present: Sequence[str], given: Mapping[str, str]) -> None:
    unknown = [field for field in given if field not in fields]
    if unknown:
        raise InvalidInputError(
            f"列对应中没有“{'、'.join(unknown)}”这样的项。可用的有：{'、'.join(fields)}。", unknown=unknown
        )
    absent = [column for column in given.values() if column not in present]
    if absent:
        raise InvalidInputError(
            f"文件中没有“{'、'.join(absent)}”列。文件中的列有：{'、'.join(present) or '无'}。",
            absent=absent,
            columns=list(present),
        )
