"""Codes of sites and tenancies and how people read them. Stored, so codes never change."""

from typing import Literal

SiteKind = Literal["factory", "warehouse", "workshop", "farm", "house", "remote", "park"]
Occupancy = Literal["idle", "own_use", "leased", "multi_tenant", "awaiting_demolition", "shut_down", "zombie"]
ShutDownKind = Literal["banned", "closed", "withdrawn"]
Risk = Literal["high", "medium", "low"]
Sublets = Literal["none", "some", "unknown"]
Aspect = Literal["structure", "fire", "special_equipment"]
CheckResult = Literal["passed", "failed", "not_applicable"]
State = Literal["never", "incomplete", "overdue", "due", "checked"]
OmissionKind = Literal[
    "no_place",
    "in_no_grid",
    "outside_stated_unit",
    "never_visited",
    "overdue",
    "visited_from_afar",
    "dust_unconfirmed",
    "no_safety_officer",
    "never_seen",
    "new_since_last_visit",
    "sublet_unknown",
    "lease_without_check",
    "let_despite_failed_check",
    "lease_expired",
    "reported_only",
]

SITE_KINDS: dict[str, str] = {
    "factory": "厂房",
    "warehouse": "仓库",
    "workshop": "作坊",
    "farm": "养殖场",
    "house": "民房",
    "remote": "偏僻场所",
    "park": "工业园区",
}
OCCUPANCIES: dict[str, str] = {
    "idle": "闲置",
    "own_use": "自用",
    "leased": "出租",
    "multi_tenant": "厂中厂",
    "awaiting_demolition": "待拆迁",
    "shut_down": "停产停业",
    "zombie": "僵尸企业",
}
SHUT_DOWN_KINDS: dict[str, str] = {"banned": "取缔", "closed": "关闭", "withdrawn": "退出"}
RISKS: dict[str, str] = {"high": "高", "medium": "中", "low": "低"}
SUBLETS: dict[str, str] = {"none": "未转租", "some": "有转租", "unknown": "未查明"}
TENANCY_STATES: dict[str, str] = {"reported": "待完善", "confirmed": "已确认"}
ASPECTS: dict[str, str] = {"structure": "房屋结构", "fire": "消防", "special_equipment": "特种设备"}
CHECK_RESULTS: dict[str, str] = {"passed": "合格", "failed": "不合格", "not_applicable": "不涉及"}
VISIT_RESULTS: dict[str, str] = {
    "nothing_found": "未发现问题",
    "problem_found": "发现问题",
    "not_entered": "未能进入",
}
# Most urgent first.
STATES: dict[str, str] = {
    "never": "从未检查",
    "overdue": "超期",
    "incomplete": "检查不全",
    "due": "即将到期",
    "checked": "已检查",
}
SITE_OMISSIONS: dict[str, str] = {
    "no_place": "无坐标",
    "in_no_grid": "不在任何网格",
    "outside_stated_unit": "与所填区划不符",
    "never_visited": "从未检查",
    "overdue": "超期未检查",
    "visited_from_afar": "远距离检查",
    "dust_unconfirmed": "粉尘种类未确认",
    "no_safety_officer": "无安全员",
}
TENANCY_OMISSIONS: dict[str, str] = {
    "never_seen": "从未核实",
    "new_since_last_visit": "新入驻未走访",
    "sublet_unknown": "转租情况未查明",
    "lease_without_check": "未经租前体检",
    "let_despite_failed_check": "体检不合格仍出租",
    "lease_expired": "租约到期仍占用",
    "reported_only": "网格员新发现待完善",
}
OMISSIONS: dict[str, str] = SITE_OMISSIONS | TENANCY_OMISSIONS
EVENTS: dict[str, str] = {
    "created": "登记",
    "changed": "修改",
    "moved": "区划或网格变化",
    "removed": "移出",
    "restored": "恢复",
    "tenancy_added": "登记租户",
    "tenancy_changed": "修改租户",
    "tenancy_ended": "租户退出",
    "pre_lease_checked": "租前体检",
}
