/** Chinese for the codes of leads, as the service has it. */

/** @type {Record<string, string>} */
export const STATES = { new: "待分派", assigned: "已分派", checked: "已核查", true: "属实", false: "不属实", rewarded: "已奖励" };
/** @type {Record<string, string>} */
export const OMISSIONS = { unmatched: "未匹配场所", unplaced: "无位置", overdue: "超期" };
/** @type {Record<string, string>} */
export const SOURCES = {
  officer: "网格员上报",
  hotline: "12350 热线",
  letter: "信访来信",
  market_register: "市场登记",
  power_growth: "用电异常",
  vehicle: "车辆轨迹",
  drone: "无人机",
  other: "其他",
};
/** What a desk enters. @type {[string, string][]} */
export const DESK_SOURCES = ["hotline", "letter", "market_register", "drone", "other"].map((code) => [code, SOURCES[code]]);
/** @type {[string, string][]} */
export const KINDS = [
  ["smell", "异味"],
  ["night_work", "夜间生产"],
  ["hidden_workshop", "疑似隐蔽作坊"],
  ["unknown_goods", "不明物料"],
  ["waste", "倾倒废物"],
  ["other", "其他"],
];
/** @type {[string, string][]} */
export const DATUMS = [
  ["WGS-84", "WGS-84（卫星定位）"],
  ["CGCS2000", "CGCS2000（国家大地坐标）"],
  ["GCJ-02", "GCJ-02（高德、腾讯）"],
  ["BD-09", "BD-09（百度）"],
];
/** @type {Record<string, string>} */
export const STEPS = {
  assign: "分派",
  check: "登记核查",
  judge: "认定",
  reward: "发放奖励",
  match: "匹配场所",
  place: "定位",
  reopen: "重新办理",
  note: "备注",
};
/** @type {Record<string, string>} */
export const VERDICTS = { lead: "已作为线索", at_site: "在登记场所", outside: "辖区外", known: "此前已登记" };
