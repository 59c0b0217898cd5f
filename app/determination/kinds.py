"""Every kind of omission there is: its code, its category, its name. What is not named here cannot be left out."""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A kind of omission. `has_area`: its omissions are ground, measured in m2 besides being counted."""

    code: str
    category: str
    text: str
    has_area: bool = False


CATEGORIES: Final = {
    "territory": "网格与区划",
    "ground": "巡查覆盖",
    "sites": "场所",
    "tenancies": "厂中厂",
    "leads": "线索与底单",
    "cases": "案件",
    "evidence": "证据",
    "signoff": "签字",
}
_KINDS = (
    Kind("nobodys_land", "territory", "无人负责的土地", True),
    Kind("overlap", "territory", "网格重叠", True),
    Kind("sliver", "territory", "狭缝", True),
    Kind("grid_outside", "territory", "网格超出所属区划", True),
    Kind("no_officer", "territory", "网格无网格员", True),
    Kind("no_cycle", "territory", "网格无巡查周期", True),
    Kind("no_grids", "territory", "区划内没有网格", True),
    Kind("ground_never", "ground", "从未巡查", True),
    Kind("ground_stale", "ground", "超期未巡查", True),
    Kind("ground_too_fast", "ground", "驾车驶过过快", True),
    Kind("ground_weak", "ground", "定位精度不足", True),
    Kind("ground_gap", "ground", "轨迹中断", True),
    Kind("ground_declared", "ground", "仅手工标记", True),
    Kind("exclusion_waiting", "ground", "排除或无法进入申请未审批", True),
    Kind("site_no_place", "sites", "场所没有坐标"),
    Kind("site_in_no_grid", "sites", "场所不在任何网格内"),
    Kind("site_outside_stated_unit", "sites", "场所位置与登记的区划不符"),
    Kind("site_never_visited", "sites", "场所从未检查"),
    Kind("site_overdue", "sites", "场所超期未检查"),
    Kind("site_visited_from_afar", "sites", "检查时人不在场所"),
    Kind("site_dust_unconfirmed", "sites", "粉尘涉爆未经确认"),
    Kind("site_no_safety_officer", "sites", "粉尘涉爆场所没有安全员"),
    Kind("tenancy_never_seen", "tenancies", "承租单位从未查到"),
    Kind("tenancy_new_since_last_visit", "tenancies", "上次检查后新入驻"),
    Kind("tenancy_sublet_unknown", "tenancies", "是否转租不明"),
    Kind("tenancy_lease_without_check", "tenancies", "未做租前体检即出租"),
    Kind("tenancy_let_despite_failed_check", "tenancies", "租前体检不合格仍出租"),
    Kind("tenancy_lease_expired", "tenancies", "租约已到期"),
    Kind("tenancy_reported_only", "tenancies", "网格员上报后未核实登记"),
    Kind("lead_unmatched", "leads", "线索未对应到场所"),
    Kind("lead_unplaced", "leads", "线索没有位置"),
    Kind("lead_overdue", "leads", "线索超期未办结"),
    Kind("baseline_unchecked", "leads", "底单记录未核查"),
    Kind("case_overdue", "cases", "案件超期未办结"),
    Kind("case_closed_incomplete", "cases", "未完成“两断三清”即销号"),
    Kind("look_back_missed", "cases", "未按期回头看"),
    Kind("finding_copied_track", "evidence", "轨迹雷同未审核"),
    Kind("finding_photo_reused", "evidence", "照片重复使用未审核"),
    Kind("finding_unreviewed", "evidence", "疑点未审核"),
    Kind("changed_after_signature", "evidence", "签字后内容有变动"),
    Kind("tile_not_following", "evidence", "覆盖数据与巡查记录不符", True),
    Kind("broken_chain", "evidence", "签字链断裂或被改动"),
    Kind("child_unsigned", "signoff", "下级未签字"),
    Kind("child_superseded", "signoff", "下级签字已失效"),
)
KINDS: Final = {kind.code: kind for kind in _KINDS}
# Nobody may let these stand: they say that the proof itself is not sound.
NEVER_LET_STAND: Final = frozenset({"changed_after_signature", "tile_not_following", "broken_chain"})


def of_category(category: str) -> list[str]:
    """Codes of a category, in order."""
    return [kind.code for kind in _KINDS if kind.category == category]
