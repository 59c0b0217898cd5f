/** Figures as people read them. Nothing is rounded up: 100% means all of it, 0% means none. */

/** @typedef {import("./types.js").Level} Level */

const HECTARE_M2 = 1e4;
const KM2 = 1e6;

/** @param {number} value @param {number} digits */
function floored(value, digits) {
  const scale = 10 ** digits;
  // A hair is added so that 0.3 stays 0.3 (0.3 * 10 is 2.9999…).
  return (Math.floor(value * scale + 1e-6) / scale).toFixed(digits);
}

/** @param {string} text digits @returns {string} with commas between thousands */
function grouped(text) {
  const [whole, rest] = text.split(".");
  const head = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest ? `${head}.${rest}` : head;
}

/** A number of things for reading, in groups of three digits. @param {number} count @returns {string} */
export function whole(count) {
  return count.toLocaleString("zh-CN");
}

/**
 * An area for reading: 平方米 below one hectare, then 公顷, then 平方公里; "0" only for none.
 * @param {number|null|undefined} area_m2
 * @returns {string}
 */
export function area(area_m2) {
  if (area_m2 === null || area_m2 === undefined) return "—";
  if (area_m2 <= 0) return "0";
  if (area_m2 < 1) return "不足 1 m²";
  if (area_m2 < HECTARE_M2) return `${grouped(floored(area_m2, 0))} m²`;
  if (area_m2 < 100 * HECTARE_M2) return `${floored(area_m2 / HECTARE_M2, area_m2 < 10 * HECTARE_M2 ? 2 : 1)} 公顷`;
  const digits = area_m2 < 10 * KM2 ? 2 : area_m2 < 1000 * KM2 ? 1 : 0;
  return `${grouped(floored(area_m2 / KM2, digits))} 平方公里`;
}

/**
 * A percentage that the service floored to 0.1. `part_m2` tells none from a little.
 * @param {number|null|undefined} percent
 * @param {number} part_m2
 * @returns {string}
 */
export function percent(percent, part_m2) {
  if (percent === null || percent === undefined) return "—";
  if (part_m2 <= 0) return "0%";
  if (percent < 0.1) return "<0.1%";
  return percent >= 100 ? "100%" : `${percent.toFixed(1)}%`;
}

/** @param {string} iso day, or instant (shown in the service's local time, UTC+8) */
export function day(iso) {
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** Who did something: without the machine they did it at, which is for the audit. @param {string} label */
export function personOf(label) {
  return label.split(" @ ")[0];
}

/** @param {string} iso instant */
export function instant(iso) {
  return new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

/** @param {string} from @param {string} to @returns {number} days from one local day to another */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** @param {string} from @param {number} days @returns {string} */
export function addDays(from, days) {
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** @param {string|null|undefined} seen @param {string} today */
export function ago(seen, today) {
  if (!seen) return "从未查看";
  const days = daysBetween(seen, today);
  if (days < 0) return day(seen);
  return days === 0 ? "今天" : days === 1 ? "昨天" : `${days} 天前`;
}

/** @type {Record<Level, string>} */
export const LEVEL_NAMES = {
  province: "省",
  city: "市",
  county: "县（区）",
  town: "镇（街道）",
  village: "村（社区）",
  grid: "网格",
};
/** @type {Record<string, string>} */
export const RISK_NAMES = { high: "高风险", medium: "中风险", low: "低风险" };
/** @type {Record<string, string>} */
export const MODE_NAMES = { foot: "步行", vehicle: "车巡", drone: "无人机" };
/** Why passing does not count as looking. @type {Record<string, string>} */
export const PASSED_LABELS = { too_fast: "驾车驶过过快", weak: "定位精度不足", gap: "轨迹中断" };
/** @type {Record<string, string>} */
export const DEFECT_NAMES = {
  nobodys_land: "无主地",
  overlap: "重叠责任",
  outside: "越界",
  no_officer: "无网格员",
  no_cycle: "未定周期",
};
