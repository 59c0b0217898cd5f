/** The table of the units below, or of a village's grids. */

import { el } from "../dom.js";
import { area, LEVEL_NAMES } from "../format.js";

/** @typedef {import("./types.js").DayRow} DayRow */

/** @typedef {[word: string, cell: (row: DayRow) => HTMLElement]} Column */

/** @type {Column} */
const GRIDS = ["网格", (row) => cell(String(row.grid_count))];
/** @type {Column[]} */
const COLUMNS = [
  ["网格员", (row) => cell(row.officers ? String(row.officers) : row.grid_count ? "无" : "—", !row.officers && row.grid_count > 0)],
  ["正在巡查", (row) => cell(String(row.out))],
  ["今日已巡", (row) => cell(String(row.patrolled))],
  ["已出发未上传", (row) => cell(String(row.waiting))],
  ["未开始", (row) => cell(String(row.not_started), row.not_started > 0)],
  ["3 日内到期", (row) => due(row, row.falling_grids, row.falling_m2)],
  ["已超期", (row) => due(row, row.overdue_grids, row.overdue_m2)],
  ["从未查看", (row) => cell(area(row.never_seen_m2))],
];

/**
 * @param {HTMLElement} holder
 * @param {import("./types.js").Today} day
 * @param {(code: string) => void} go
 */
export function showUnits(holder, day, go) {
  if (!day.children.length) {
    holder.replaceChildren(el("p", { class: "empty" }, "这里没有下级单元，也没有网格。"));
    return;
  }
  const { level } = day.children[0];
  const columns = level === "grid" ? COLUMNS : [GRIDS, ...COLUMNS];
  const words = columns.map(([word]) => word.replace("3", String(day.horizon_days)));
  holder.replaceChildren(
    el(
      "table",
      { class: "day-table" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, LEVEL_NAMES[level]), ...words.map((word) => el("th", { scope: "col" }, word)))),
      el("tbody", {}, ...day.children.map((row) => line(row, columns, words, go))),
    ),
  );
}

/** @param {DayRow} row @param {Column[]} columns @param {string[]} words @param {(code: string) => void} go */
function line(row, columns, words, go) {
  const name =
    row.level === "grid"
      ? el("a", { class: "link", href: `/?grid=${encodeURIComponent(row.code)}` }, row.name)
      : el("button", { type: "button", class: "link", onclick: () => go(row.code) }, row.name);
  const cells = columns.map(([, make], index) => {
    const made = make(row);
    made.dataset.word = words[index];
    return made;
  });
  return el("tr", { "data-code": row.code }, el("th", { scope: "row" }, name), ...cells);
}

/** @param {string} text */
function cell(text, wanting = false) {
  return el("td", { class: wanting ? "wanting" : null }, el("span", {}, text));
}

/** @param {DayRow} row @param {number} grids @param {number} part_m2 */
function due(row, grids, part_m2) {
  const count = row.level === "grid" || !grids ? "" : `${grids} 个 `;
  return el("td", {}, el("span", {}, count, grids && count ? el("small", {}, area(part_m2)) : area(part_m2)));
}
