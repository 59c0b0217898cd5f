/** The verdict, and every kind of omission by category with its count: those of which nothing is left out too. */

import { byId, el } from "../dom.js";
import { area, day, whole } from "../format.js";

/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").KindCount} KindCount */
/** @typedef {import("./types.js").Threshold} Threshold */

/** @param {Told} told @param {boolean} isSigned  a signature for the period stands */
export function showVerdict(told, isSigned) {
  const blocking = told.counts.filter((count) => count.blocks);
  const left = told.counts.filter((count) => count.number && !count.blocks);
  const box = byId("verdict");
  box.className = told.blocks ? "blocks" : "clear";
  const allowed = left.length ? `另有 ${left.length} 类遗漏在规定或例外允许的范围内。` : "";
  box.replaceChildren(
    el("strong", {}, told.blocks ? `${told.unit.name}尚有 ${blocking.length} 类遗漏，不能签字` : `${told.unit.name}${left.length ? "的遗漏都在规定或例外之内" : "没有未处理的遗漏"}，${isSigned ? "已签字" : "可以签字"}`),
    el("span", {}, `${day(told.first_day)}至${day(told.last_day)}，按截止日认定。${allowed}`),
  );
}

/** @param {Told} told @param {string} chosen @param {(kind: string) => void} choose */
export function showKinds(told, chosen, choose) {
  const groups = Object.entries(told.categories).map(([category, text]) => group(text, told.counts.filter((count) => count.category === category), chosen, choose));
  const all = told.counts.reduce((sum, count) => sum + count.number, 0);
  byId("kinds").replaceChildren(kindButton({ kind: "", text: "全部遗漏" }, `${whole(all)} 项`, "", chosen, choose), ...groups);
}

/** @param {string} text @param {KindCount[]} counts @param {string} chosen @param {(kind: string) => void} choose */
function group(text, counts, chosen, choose) {
  const left = counts.filter((count) => count.number);
  const none = counts.filter((count) => !count.number);
  return el(
    "section",
    { class: "kind-group", "aria-label": text },
    el("h2", {}, text, left.length ? null : el("span", { class: "kind-clear" }, "无遗漏")),
    ...left.map((count) => kindButton(count, numberOf(count), count.blocks ? "blocks" : "allowed", chosen, choose)),
    none.length && left.length ? el("p", { class: "kind-none" }, `无遗漏：${none.map((count) => count.text).join("、")}`) : null,
  );
}

/**
 * @param {{kind: string, text: string, limit?: Threshold, excepted?: number}} count @param {string} number @param {string} state
 * @param {string} chosen @param {(kind: string) => void} choose
 */
function kindButton(count, number, state, chosen, choose) {
  const notes = [count.limit ? limitText(count.limit) : "", count.excepted ? `例外 ${count.excepted} 项` : ""].filter(Boolean).join("，");
  return el(
    "button",
    { type: "button", class: `kind ${state}`, "data-kind": count.kind, "aria-pressed": String(count.kind === chosen), onclick: () => choose(count.kind) },
    el("span", { class: "kind-text" }, count.text, notes ? el("small", {}, notes) : null),
    el("b", {}, number),
  );
}

/** @param {KindCount} count */
function numberOf(count) {
  return count.area_m2 ? `${whole(count.number)} 处 ${area(count.area_m2)}` : `${whole(count.number)} 项`;
}

/** What a policy lets stand; "" for the strict default. @param {Threshold} limit */
export function limitText(limit) {
  const parts = [];
  if (limit.count) parts.push(`${limit.count} 项`);
  if (limit.area_m2 !== null) parts.push(area(limit.area_m2));
  return parts.length ? `允许 ${parts.join("、")}` : "";
}
