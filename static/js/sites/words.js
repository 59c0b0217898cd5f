/** What things are called on this page. */

/** @type {[string, string][]} */
export const RISKS = [["high", "高"], ["medium", "中"], ["low", "低"]];
/** @type {[string, string][]} */
export const SHUT_DOWN_KINDS = [["banned", "取缔"], ["closed", "关闭"], ["withdrawn", "退出"]];
/** @type {[string, string][]} */
export const SUBLETS = [["unknown", "未查明"], ["none", "未转租"], ["some", "有转租"]];
/** @type {[string, string][]} */
export const ASPECTS = [["structure", "房屋结构"], ["fire", "消防"], ["special_equipment", "特种设备"]];
/** @type {[string, string][]} */
export const CHECK_RESULTS = [["passed", "合格"], ["failed", "不合格"], ["not_applicable", "不涉及"]];
/** @type {[string, string][]} */
export const DATUMS = [["WGS-84", "WGS-84（图上点选）"], ["CGCS2000", "CGCS2000（测绘成果）"], ["GCJ-02", "GCJ-02（高德、腾讯地图）"], ["BD-09", "BD-09（百度地图）"]];

/** What each omission is called, and what to do about it. @type {Record<string, [name: string, todo: string]>} */
export const OMISSIONS = {
  no_place: ["无坐标", "在图上点选位置，或由网格员到现场定位。"],
  in_no_grid: ["不在任何网格", "核对坐标；坐标无误的，调整网格边界，使其有人负责。"],
  outside_stated_unit: ["与所填区划不符", "核对坐标和所填区划，改正有误的一项。"],
  never_visited: ["从未检查", "安排网格员入场走访。"],
  overdue: ["超期未检查", "安排网格员再次走访。"],
  visited_from_afar: ["远距离检查", "最近一次走访时手机不在现场或没有定位，须到现场重新走访。"],
  dust_unconfirmed: ["粉尘种类未确认", "请专家确认粉尘种类，并登记确认人和日期。"],
  no_safety_officer: ["无安全员", "督促落实安全员并登记。"],
  never_seen: ["从未核实", "下次走访时逐户查看。"],
  new_since_last_visit: ["新入驻未走访", "安排走访新入驻的租户。"],
  sublet_unknown: ["转租情况未查明", "走访时问明有无转租并登记。"],
  lease_without_check: ["未经租前体检", "补做房屋结构、消防、特种设备三项体检并登记。"],
  let_despite_failed_check: ["体检不合格仍出租", "责令整改，复检合格前不得使用。"],
  lease_expired: ["租约到期仍占用", "核实是续租还是应当腾退，并登记。"],
  reported_only: ["网格员新发现待完善", "核实并补全租户资料。"],
};

/** Fields as people call them. @type {Record<string, string>} */
export const FIELDS = {
  code: "编号", name: "名称", kind: "类型", occupancy: "占用情况", shut_down_kind: "停产停业类别", risk: "风险等级", cycle_days: "检查周期",
  uscc: "统一社会信用代码", address: "地址", lessor_name: "出租方", lessor_phone: "出租方电话", stated_unit_code: "所填区划", unit_code: "所在区划",
  grid_code: "网格", point: "位置", place: "位置", lon: "经度", lat: "纬度", outline: "轮廓", dust_kind: "粉尘种类", dust_confirmed_by: "粉尘确认人",
  dust_confirmed_on: "粉尘确认日期", safety_officer: "安全员", provenance: "来源", source_datum: "坐标系", datum: "坐标系", removed_on: "移除日期",
  removed_why: "移除原因", tenant_name: "租户名称", contact_name: "联系人", contact_phone: "联系电话", floor_unit: "楼层房号", area_m2: "面积",
  process: "工艺", main_risks: "主要风险", chemicals: "化学品", lease_from: "租期起", lease_to: "租期止", sublets: "转租", started_on: "入驻日期",
  ended_on: "退出日期", ended_why: "退出原因", state: "状态", parent_id: "转租自", aspect: "体检项目", result: "结果", checked_by: "检查人",
  checked_on: "检查日期", note: "备注",
};

/** @param {[string, string][]} pairs @param {string|null|undefined} code */
export function nameOf(pairs, code) {
  return pairs.find(([value]) => value === code)?.[1] ?? code ?? "—";
}

/** @param {string} kind */
export const omissionName = (kind) => OMISSIONS[kind]?.[0] ?? kind;
