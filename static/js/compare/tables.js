/** The figures of both days and what lies between them: differences of what is shown, never of hidden decimals. */

import { address } from "../api.js";
import { el } from "../dom.js";
import { area, day, LEVEL_NAMES, percent } from "../format.js";
import { CLASS_COLOURS, CLASS_NAMES } from "../palette.js";
import { bar, swatch } from "../panel/bar.js";
import { box, FRESHNESS } from "../panel/layers.js";
import { SHARES } from "../shares.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {{on: string, unit: Row, path: import("../types.js").Step[], children: Row[]}} Answer */

/** @param {HTMLElement} head @param {Answer} answer @param {HTMLElement} picker */
export function showHead(head, { on, unit }, picker) {
  const href = address("/", { unit: unit.code, on });
  const value = percent(unit.covered_percent, unit.shares.tracked.area_m2);
  head.replaceChildren(picker, el("a", { class: "side-value", href, "aria-label": `${day(on)}已查 ${value}，在地图上看` }, el("small", {}, "已查"), el("b", {}, value)), bar(unit, "side-bar"));
}

/** What the maps' colours say. @param {HTMLElement} list @param {import("./state.js").Look} look */
export function showLegend(list, look) {
  const classes = CLASS_COLOURS.map((colour, k) => [colour, CLASS_NAMES[k]]);
  list.replaceChildren(...(look === "seen" ? FRESHNESS : classes).map(([colour, text]) => el("li", {}, box(colour), text)));
}

/** @param {HTMLElement} place @param {Answer} a @param {Answer} b */
export function showShares(place, a, b) {
  const rows = SHARES.filter(({ name }) => a.unit.shares[name].area_m2 > 0 || b.unit.shares[name].area_m2 > 0).map(({ name, label }) => {
    const [one, other] = [a.unit.shares[name], b.unit.shares[name]];
    return el(
      "tr",
      { "data-share": name },
      el("th", { scope: "row" }, swatch(name), label),
      cell(percent(one.percent, one.area_m2), area(one.area_m2)),
      cell(percent(other.percent, other.area_m2), area(other.area_m2)),
      cell(points(one.percent, other.percent), change(other.area_m2 - one.area_m2)),
    );
  });
  place.replaceChildren(el("h2", {}, "七类面积"), grid(["", ...heads(a, b)], rows));
}

/** @param {HTMLElement} place @param {Answer} a @param {Answer} b @param {(code: string) => void} go */
export function showChildren(place, a, b, go) {
  const before = new Map(a.children.map((row) => [row.code, row]));
  const step = (/** @type {Row} */ row) => (row.covered_percent ?? 0) - (before.get(row.code)?.covered_percent ?? 0);
  const rows = [...b.children].sort((one, other) => step(one) - step(other) || one.code.localeCompare(other.code)).map((row) => {
    const then = before.get(row.code);
    const name = row.level === "grid" ? el("a", { class: "link", href: address("/", { grid: row.code, on: b.on }) }, row.name) : el("button", { type: "button", class: "link", onclick: () => go(row.code) }, row.name);
    return el(
      "tr",
      { "data-code": row.code },
      el("th", { scope: "row" }, name),
      cell(then ? percent(then.covered_percent, then.shares.tracked.area_m2) : "尚无"),
      cell(percent(row.covered_percent, row.shares.tracked.area_m2)),
      cell(then ? points(then.covered_percent, row.covered_percent) : "—"),
    );
  });
  const level = b.children[0]?.level;
  place.replaceChildren(el("h2", {}, level ? `各${LEVEL_NAMES[level]}已查，降得最多的在前` : "下级单元"), rows.length ? grid([LEVEL_NAMES[level], ...heads(a, b)], rows) : el("p", { class: "empty" }, "这里没有下级单元，也没有网格。"));
}

/** @param {string[]} words @param {HTMLElement[]} rows */
function grid(words, rows) {
  return el("table", { class: "compare-table" }, el("thead", {}, el("tr", {}, ...words.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...rows));
}

/** The year only where it tells something. @param {Answer} a @param {Answer} b */
function heads(a, b) {
  const isOneYear = a.on.slice(0, 4) === b.on.slice(0, 4);
  return [...[a.on, b.on].map((on) => (isOneYear ? day(on).replace(/^.*年/, "") : day(on))), "变化（百分点）"];
}

/** @param {string} main @param {string} [under] */
function cell(main, under) {
  const kind = main.startsWith("−") ? "down" : main.startsWith("+") ? "up" : null;
  return el("td", { class: kind }, el("b", {}, main), under ? el("small", {}, under) : null);
}

/** Between two floored percentages, in points. @param {number|null} from @param {number|null} to */
export function points(from, to) {
  if (from === null || to === null) return "—";
  const tenths = Math.round((to - from) * 10);
  if (!tenths) return "0";
  return `${tenths > 0 ? "+" : "−"}${(Math.abs(tenths) / 10).toFixed(1)}`;
}

/** @param {number} difference_m2 */
function change(difference_m2) {
  if (Math.abs(difference_m2) < 1) return "不变";
  return `${difference_m2 > 0 ? "+" : "−"}${area(Math.abs(difference_m2))}`;
}
