/** The list: states and omissions with their counts, filters, leads. */

import { byId, debounced, el } from "../dom.js";
import { day } from "../format.js";
import { select } from "../office.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { OMISSIONS, SOURCES, STATES } from "./words.js";

/** @typedef {import("./state.js").Asked} Asked */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {(change: Partial<Asked>) => void} Change */

/** @param {Page} page @param {Asked} asked @param {Change} change */
export function showCounts(page, asked, change) {
  const all = Object.values(page.counts).reduce((sum, n) => sum + n, 0);
  const states = [chip("", "全部", all, asked.state, (state) => change({ state }))];
  for (const [code, text] of Object.entries(STATES)) states.push(chip(code, text, page.counts[code], asked.state, (state) => change({ state })));
  byId("states").replaceChildren(...states);
  byId("omissions").replaceChildren(
    el("span", { class: "under" }, "遗漏"),
    ...Object.entries(OMISSIONS).map(([code, text]) => {
      const found = chip(code, text, page.omissions[code], asked.omission, (omission) => change({ omission: omission === asked.omission ? "" : omission }));
      if (page.omissions[code]) found.classList.add("bad");
      return found;
    }),
  );
}

/** @param {string} code @param {string} text @param {number} count @param {string} chosen @param {(code: string) => void} choose */
function chip(code, text, count, chosen, choose) {
  return el("button", { type: "button", class: "chip", "data-code": code, "aria-pressed": String(chosen === code), onclick: () => choose(code) }, text, " ", el("b", {}, count));
}

/** The filters, made once. @param {Asked} asked @param {Change} change */
export function makeFilters(asked, change) {
  const source = select("source", [["", "全部来源"], ...Object.entries(SOURCES)], asked.source, { "aria-label": "来源", onchange: () => change({ source: source.value }) });
  const unit = new UnitPicker("区划", "全部区划", (chosen) => change({ unit: chosen?.code ?? "" }));
  void unit.showCode(asked.unit);
  const words = el("input", { type: "search", name: "q", maxlength: 100, value: asked.q, placeholder: "编号、内容、对象、地址", "aria-label": "搜索线索" });
  words.addEventListener("input", debounced(300, () => change({ q: words.value.trim() })));
  byId("filters").replaceChildren(source, unit.box, words);
}

/** @param {Row[]} rows @param {string} chosen @param {(id: string) => void} open @param {string} today */
export function showRows(rows, chosen, open, today) {
  byId("list").replaceChildren(...rows.map((row) => el("li", {}, rowButton(row, chosen, open, today))));
}

/** @param {Row} row @param {string} chosen @param {(id: string) => void} open @param {string} today */
function rowButton(row, chosen, open, today) {
  const attributes = { type: "button", class: "row", "data-id": row.id, "aria-current": String(row.id === chosen), onclick: () => open(row.id) };
  return el(
    "button",
    attributes,
    el("span", { class: "row-top" }, el("strong", {}, row.subject_name ?? row.what_text), el("span", { class: `tag state-${row.state}` }, row.state_text)),
    el("span", { class: "row-note" }, row.note ?? row.what_text),
    el("span", { class: "row-under" }, `${row.source_text}${row.number ? ` ${row.number}` : ""} · ${row.unit?.name ?? "辖区外"} · ${whoOf(row)}`),
    el("span", { class: "row-under" }, row.deadline ? `期限 ${day(row.deadline)}` : "未定期限", ...row.omissions.map((code) => el("span", { class: "tag bad" }, omissionText(row, code, today)))),
  );
}

/** @param {Row} row */
export function whoOf(row) {
  if (row.assigned_to) return `由${row.assigned_to.name}办理`;
  return row.responsible ? `网格责任人${row.responsible.name}` : row.grid ? "网格未落实责任人" : "未落实到网格";
}

/** @param {Row} row @param {string} code @param {string} today */
export function omissionText(row, code, today) {
  if (code !== "overdue" || !row.deadline) return OMISSIONS[code];
  return `超期 ${Math.round((Date.parse(today) - Date.parse(row.deadline)) / 86_400_000)} 天`;
}

/** @param {string} chosen */
export function markRow(chosen) {
  for (const row of byId("list").querySelectorAll("[data-id]")) row.setAttribute("aria-current", String(row instanceof HTMLElement && row.dataset.id === chosen));
}
