/** The units below, or a village's grids: those of which least was looked at first. */

import { address } from "../api.js";
import { byId, el } from "../dom.js";
import { LEVEL_NAMES, percent } from "../format.js";
import { bar } from "../panel/bar.js";

/** @typedef {import("../types.js").Row} Row */

/** More than one column holds go into two; more than two hold are on the map. */
const IN_ONE = 9;
const IN_TWO = 18;

/** @param {import("./types.js").Overview} overview @param {(code: string) => void} go */
export function showUnits({ unit, children }, go) {
  // Where nothing must be covered, nothing is missing; where there is no grid, everything is.
  const rank = (/** @type {Row} */ row) => (row.grid_count === 0 ? -1 : row.domain_m2 > 0 ? row.shares.tracked.area_m2 / row.domain_m2 : 2);
  const rows = [...children].sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code));
  const shown = rows.slice(0, IN_TWO);
  const level = children[0]?.level;
  byId("units-title").textContent = level ? `各${LEVEL_NAMES[level]}` : "下级单元";
  byId("units-under").textContent = rows.length ? "已查由低到高" : "这里没有下级单元，也没有网格。";
  const list = byId("units-list");
  list.dataset.columns = shown.length > IN_ONE ? "2" : "1";
  list.style.setProperty("--rows", String(Math.ceil(shown.length / (shown.length > IN_ONE ? 2 : 1))));
  const common = shown.length > IN_ONE ? commonStart(shown.map((row) => row.name)) : 0;
  list.replaceChildren(...shown.map((row) => line(row, common, go)));
  const rest = rows.slice(IN_TWO);
  byId("units-rest").hidden = !rest.length;
  if (!rest.length) return;
  const link = el("a", { href: address("/", { unit: unit.code }) }, `另有 ${rest.length} 个`);
  const least = rest[0].covered_percent;
  byId("units-rest").replaceChildren(link, least ? `，已查均不低于 ${percent(least, rest[0].shares.tracked.area_m2)}` : "");
}

/** How many letters all names begin with, so that what tells them apart has room; a number keeps its 第. @param {string[]} names */
function commonStart(names) {
  let count = 0;
  while (names.every((name) => count < name.length - 1 && name[count] === names[0][count])) count++;
  return names[0].lastIndexOf("第", count) === count - 1 ? count - 1 : 0;
}

/** @param {Row} row @param {number} common letters at the start of the name that are left out @param {(code: string) => void} go */
function line(row, common, go) {
  const isGrid = row.level === "grid";
  const map = address("/", isGrid ? { grid: row.code } : { unit: row.code });
  const text = row.name.slice(common);
  const named = common ? { title: row.name, "aria-label": row.name } : {};
  const name = isGrid ? el("a", { class: "link", href: map, ...named }, text) : el("button", { type: "button", class: "link", onclick: () => go(row.code), ...named }, text);
  const value = row.grid_count ? percent(row.covered_percent, row.shares.tracked.area_m2) : "无网格";
  return el(
    "li",
    { "data-code": row.code },
    el("span", { class: "unit-name" }, name),
    el("a", { class: "unit-bar", href: map, tabindex: -1, "aria-hidden": "true" }, bar(row, "bar-row")),
    el("a", { class: row.grid_count ? "unit-value" : "unit-value unit-bare", href: map, "aria-label": `${row.name}已查 ${value}` }, value),
  );
}
