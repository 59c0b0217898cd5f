/** Words of the phone page. */

/** @typedef {import("../engine/tracks.js").Reason} Reason */

/** @type {Record<import("./position.js").Quality, string>} */
const QUALITY = { waiting: "等待定位", good: "定位良好", weak: "定位弱", lost: "没有定位", denied: "未允许定位", missing: "不能定位" };

/** @param {import("./position.js").Quality} quality @param {import("./types.js").Position|null} here */
export function gpsText(quality, here) {
  const isNear = (quality === "good" || quality === "weak") && here;
  return isNear ? `${QUALITY[quality]} ±${Math.ceil(here.accuracy_m)} 米` : QUALITY[quality];
}

/** @param {Reason} reason @param {import("./types.js").TrackRules} rules */
export function reasonText(reason, rules) {
  /** @type {Record<Reason, string>} */
  const texts = {
    not_later: "时间重复",
    gap: `定位中断超过 ${rules.max_gap_s} 秒`,
    weak_accuracy: `定位精度差于 ${rules.max_accuracy_m} 米`,
    unknown_accuracy: "没有定位精度",
    jump: `定位跳变超过 ${rules.max_step_m} 米`,
    too_fast: `速度超过 ${rules.max_speed_m_s} 米/秒`,
  };
  return texts[reason];
}

/** @param {number} metres @returns {string} */
export function far(metres) {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} 米`;
  return `${(metres / 1000).toFixed(1)} 公里`;
}

/** @param {number} metres walked, floored @returns {string} */
export const walked = (metres) => (metres < 1000 ? `${Math.floor(metres)} 米` : `${(Math.floor(metres / 10) / 100).toFixed(2)} 公里`);

/** @param {number} minutes @returns {string} */
export function lasting(minutes) {
  const whole = Math.floor(minutes);
  if (minutes > 0 && whole === 0) return "不足 1 分钟";
  return whole < 60 ? `${whole} 分钟` : `${Math.floor(whole / 60)} 小时 ${whole % 60} 分`;
}

/** @param {number} time_ms @returns {string} */
export const clock = (time_ms) =>
  new Date(time_ms).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** @param {number} time_ms @returns {string} */
export const dayAndClock = (time_ms) =>
  new Date(time_ms).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** @type {Record<import("./types.js").ItemKind, string>} */
export const ITEM_NAMES = { photo: "照片", patrol: "巡查轨迹", import: "导入的轨迹", mark: "标记", lead: "可疑情况", visit: "走访", answer: "答复", seen: "派单已查看" };
/** @type {Record<string, string>} */
export const KIND_NAMES = { patrol: "巡查轨迹", mark: "标记已查看", declared: "标记已查看", inaccessible: "无法进入", report: "可疑情况", visit: "走访" };
/** @type {Record<string, string>} */
export const REVIEW_NAMES = { none: "已接收", open: "待审核", asked: "请补充说明", accepted: "审核通过", voided: "已作废" };
