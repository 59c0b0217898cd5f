/** The list: states and levels with their counts, filters, orders. */

import { byId, debounced, el } from "../dom.js";
import { day } from "../format.js";
import { select } from "../office.js";
import { UnitPicker } from "../sites/unitpicker.js";

/** @typedef {import("./state.js").Asked} Asked */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {(change: Partial<Asked>) => void} Change */

/** @type {[string, string][]} */
const KINDS = [["ground", "盲区地块"], ["grid", "网格"], ["site", "场所"], ["tenancy", "租户"], ["lead", "线索"], ["case", "案件"], ["baseline_row", "底单"]];
/** @type {[string, string][]} */
export const LEVELS = [["village", "村级"], ["town", "镇级"], ["county", "县级"], ["city", "市级"]];

/** @param {Page} page @param {Asked} asked @param {Change} change */
export function showCounts(page, asked, change) {
  const { counts } = page;
  const isAll = !asked.state && !asked.overdue;
  const late = chip("overdue", "超期", counts.overdue, asked.overdue === "true", () => change({ state: "open", overdue: "true" }));
  if (counts.overdue) late.classList.add("bad");
  byId("states").replaceChildren(
    chip("", "全部", counts.open + counts.done + counts.withdrawn, isAll, () => change({ state: "", overdue: "" })),
    chip("open", "办理中", counts.open, asked.state === "open" && !asked.overdue, () => change({ state: "open", overdue: "" })),
    late,
    chip("done", "已完成", counts.done, asked.state === "done", () => change({ state: "done", overdue: "" })),
    chip("withdrawn", "已撤回", counts.withdrawn, asked.state === "withdrawn", () => change({ state: "withdrawn", overdue: "" })),
  );
  byId("levels").replaceChildren(
    el("span", { class: "under" }, "在办的责任层级"),
    ...LEVELS.map(([code, text]) => chip(code, text, counts.levels[code], asked.level === code, () => change({ level: asked.level === code ? "" : code }))),
  );
}

/** @param {string} code @param {string} text @param {number} count @param {boolean} isChosen @param {() => void} choose */
function chip(code, text, count, isChosen, choose) {
  return el("button", { type: "button", class: "chip", "data-code": code, "aria-pressed": String(isChosen), onclick: choose }, text, " ", el("b", {}, count));
}

/** The filters, made once. @param {Asked} asked @param {Change} change */
export function makeFilters(asked, change) {
  const kind = select("kind", [["", "全部对象"], ...KINDS], asked.kind, { "aria-label": "对象", onchange: () => change({ kind: kind.value }) });
  const unit = new UnitPicker("区划", "全部区划", (chosen) => change({ unit: chosen?.code ?? "" }));
  void unit.showCode(asked.unit);
  const words = el("input", { type: "search", name: "q", maxlength: 100, value: asked.q, placeholder: "名称、要求", "aria-label": "搜索派单" });
  words.addEventListener("input", debounced(300, () => change({ q: words.value.trim() })));
  byId("filters").replaceChildren(kind, unit.box, words);
}

/** @param {Row[]} rows @param {string} chosen @param {(id: string) => void} open */
export function showRows(rows, chosen, open) {
  byId("list").replaceChildren(...rows.map((row) => el("li", {}, rowButton(row, chosen, open))));
}

/** @param {Row} row @param {string} chosen @param {(id: string) => void} open */
function rowButton(row, chosen, open) {
  return el(
    "button",
    { type: "button", class: "row", "data-id": row.id, "aria-current": String(row.id === chosen), onclick: () => open(row.id) },
    el("span", { class: "row-top" }, el("strong", {}, row.name), stateTag(row)),
    el("span", { class: "row-under" }, `${row.subject_kind_text} · ${row.unit.name} · ${row.officer.name}`),
    el("span", { class: "row-under" }, row.state === "done" ? `${day(row.done_on ?? row.deadline)}完成` : `限 ${day(row.deadline)}`, ...badges(row)),
  );
}

/** @param {Row} row */
export function stateTag(row) {
  return el("span", { class: `tag ${row.state}${row.is_overdue ? " bad" : ""}` }, row.is_overdue ? `超期 ${-row.days_left} 天` : row.state_text);
}

/** Who answers beyond the village, and 挂牌督办. @param {Row} row */
export function badges(row) {
  const climbed = row.state === "open" && row.climbed_on ? el("span", { class: "tag bad" }, `已报${row.level_text}`) : null;
  return [climbed, row.supervised ? el("span", { class: "tag bad" }, row.supervised) : null];
}

/** @param {string} chosen */
export function markRow(chosen) {
  for (const row of byId("list").querySelectorAll("[data-id]")) row.setAttribute("aria-current", String(row instanceof HTMLElement && row.dataset.id === chosen));
}
