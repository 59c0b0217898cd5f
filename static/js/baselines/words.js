/** Words and small parts that every view of lists uses. */

import { el } from "../dom.js";
import { whole } from "../format.js";

/** @typedef {import("./types.js").RowState} RowState */
/** @typedef {import("./types.js").Figures} Figures */

/** @type {Record<RowState, string>} */
export const STATES = { doubtful: "待确认", unmatched: "未匹配", matched: "已匹配", absent: "查无此企业" };
/** What people did. @type {Record<string, string>} */
export const EVENTS = { imported: "导入", matching_asked: "重新匹配", decided: "认定", withdrawn: "撤回" };
/** @type {[string, string][]} */
export const DATUMS = [
  ["WGS-84", "WGS-84（GPS）"],
  ["CGCS2000", "CGCS2000（国家 2000）"],
  ["GCJ-02", "GCJ-02（高德、腾讯地图）"],
  ["BD-09", "BD-09（百度地图）"],
];
export const CHECKED = "#24588a";
export const UNCHECKED = "#b8442c";
export const DOUBTFUL = "#c98a1e";
export const ABSENT = "#6b7a87";

/** How much of a list was looked into, as a bar with its words. @param {Figures} figures */
export function rateBar(figures) {
  const { rows, checked, matched, matched_checked: seen, absent, doubtful } = figures;
  const share = (/** @type {number} */ part) => `${rows ? (100 * part) / rows : 0}%`;
  const part = (/** @type {string} */ kind, /** @type {number} */ count) => {
    const bar = el("span", { class: `rate-${kind}` });
    bar.style.inlineSize = share(count);
    return bar;
  };
  const text = `检查率 ${rateText(figures)}：${whole(rows)} 户中已检查 ${whole(checked)} 户`;
  return el("div", { class: "rate-bar", role: "img", "aria-label": text }, part("seen", seen), part("absent", absent), part("matched", matched - seen), part("doubtful", doubtful));
}

/** @param {Figures} figures */
export function rateText({ check_rate_percent: percent }) {
  return percent === null ? "—" : `${percent}%`;
}

/** @param {RowState} state @param {string} text */
export function stateTag(state, text) {
  return el("span", { class: `tag row-state-${state}` }, text);
}

/** @param {boolean} isChecked */
export function checkedTag(isChecked) {
  return el("span", { class: `tag ${isChecked ? "is-checked" : "is-unchecked"}` }, isChecked ? "已检查" : "未检查");
}
