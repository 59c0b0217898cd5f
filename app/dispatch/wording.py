"""What things of dispatch are called."""

SUBJECT_KINDS = {
    "ground": "盲区地块",
    "grid": "网格",
    "site": "场所",
    "tenancy": "租户",
    "lead": "线索",
    "case": "案件",
    "baseline_row": "底单",
}
STATES = {"open": "办理中", "done": "已完成", "withdrawn": "已撤回"}
LEVELS = {"village": "村级", "town": "镇级", "county": "县级", "city": "市级", "province": "省级"}
EVENTS = {
    "created": "派单",
    "reassigned": "改派",
    "deadline_moved": "改期",
    "seen": "网格员已查看",
    "noted": "备注",
    "climbed": "超期上报",
    "done": "完成",
    "reopened": "重新打开",
    "withdrawn": "撤回",
}
# What the officer must do, and by what the order is done.
TASKS = {
    "ground": "请到该地块巡查，使轨迹覆盖 95% 以上；手工标记不算完成。",
    "grid": "请巡查该网格尚未覆盖的部分，使轨迹覆盖其 95% 以上；手工标记不算完成。",
    "site": "请到场所检查走访，须进入并在现场提交；未能进入不算完成。",
    "tenancy": "请到所在场所检查走访，须见到该租户并在现场提交。",
    "lead": "请到现场核查该线索，并把核查情况告知村（社区）登记；登记核查后即为完成。",
    "case": "请到现场跟踪整改并报送佐证；案件办结后即为完成。",
    "baseline_row": "请到现场核实该企业；已匹配的须完成检查走访，没有的由村（社区）登记为“查无”。",
}
LOOK_BACK_TASK = "请到现场回头看，并把结果告知案件承办人登记；登记后即为完成。"
LOOK_BACK = "look_back_missed"
INCOMPLETE = "case_closed_incomplete"
SYSTEM = "系统"
NOTHING_KEPT = "未保存任何内容。"


def task_of(kind: str, omission: str | None) -> str:
    """What an order asks for."""
    return LOOK_BACK_TASK if kind == "case" and omission == LOOK_BACK else TASKS[kind]
