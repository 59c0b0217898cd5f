/** What is left out, one by one: where, whose, since when, and the way to mend it. */

import { openDispatch } from "../dispatch.js";
import { byId, el } from "../dom.js";
import { area, day } from "../format.js";

/** @typedef {import("./types.js").Row} Row */

/** Orders can be made about these. */
const SENT_TO = ["grid", "site", "tenancy", "lead", "case", "baseline_row"];
const NEVER_EXCEPTED = ["changed_after_signature", "tile_not_following", "broken_chain"];

/**
 * @typedef {object} Deeds
 * @property {boolean} mayExcept
 * @property {boolean} mayDispatch
 * @property {(row: Row) => void} except
 * @property {(row: Row) => void} locate
 */

/** @param {Row[]} rows @param {Deeds} deeds */
export function showRows(rows, deeds) {
  byId("rows").replaceChildren(...rows.map((row) => el("li", { "data-subject": row.subject, "data-kind": row.kind }, ...parts(row, deeds))));
}

/** @param {Row} row @param {Deeds} deeds */
function parts(row, deeds) {
  const where = [row.unit?.name ?? "各单位之外", row.grid?.name, row.area_m2 === null ? null : area(row.area_m2)].filter(Boolean).join(" · ");
  return [
    el("div", { class: "row-what" }, el("span", { class: "tag bad" }, row.kind_text), el("a", { href: row.page, class: "row-name" }, row.name)),
    el("p", { class: "row-where" }, where, row.facts?.address ? ` · ${row.facts.address}` : ""),
    el("p", { class: "row-who" }, ...who(row), el("span", {}, row.since ? `自 ${day(row.since)} 起` : "起始日期不明")),
    row.exception ? el("p", { class: "row-exception" }, `例外${row.exception.state_text}，至 ${day(row.exception.until)}：${row.exception.reason}`) : null,
    el("div", { class: "row-deeds" }, ...buttons(row, deeds)),
  ];
}

/** @param {Row} row */
function who({ officer }) {
  if (!officer) return [el("span", {}, "未落实网格员")];
  return [el("span", {}, officer.name), officer.phone ? el("a", { href: `tel:${officer.phone}`, class: "row-phone" }, officer.phone) : null];
}

/** @param {Row} row @param {Deeds} deeds */
function buttons(row, { mayExcept, mayDispatch, except, locate }) {
  const kind = row.subject.split(":")[0];
  /** @type {HTMLElement[]} */
  const found = [el("a", { class: "quiet tall", href: row.page }, "去办理")];
  if (row.lon !== null) found.push(button(row.place_is_rough ? "看所在区划" : "看地图", () => locate(row)));
  if (mayDispatch && SENT_TO.includes(kind)) found.push(button("派单", () => void openDispatch({ subject_kind: kind, subject: row.subject, omission: row.kind })));
  if (mayExcept && !row.exception && !NEVER_EXCEPTED.includes(row.kind)) found.push(button("申请例外", () => except(row)));
  return found;
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  return el("button", { type: "button", class: "quiet tall", onclick: act }, text);
}

/** Bring a row into sight. @param {string} subject @param {string} kind @returns {boolean} whether it is listed */
export function reveal(subject, kind) {
  const row = byId("rows").querySelector(`[data-subject="${CSS.escape(subject)}"][data-kind="${CSS.escape(kind)}"]`);
  if (!(row instanceof HTMLElement)) return false;
  for (const other of byId("rows").children) delete /** @type {HTMLElement} */ (other).dataset.chosen;
  row.dataset.chosen = "";
  row.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement|null} */ (row.querySelector("a"))?.focus();
  return true;
}
