/** The history of a case, newest first: every step and every changed field with what it was. */

import { el } from "../dom.js";
import { instant } from "../format.js";
import { chemicalText } from "./file.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").CaseEvent} CaseEvent */

const PARTS = /** @type {Record<string, string>} */ ({ done_on: "完成日期", evidence: "证据" });
const OTHER = /** @type {Record<string, string>} */ ({ look_back: "回头看结果", relapses: "反弹次数", attachment: "附件", sha256: "sha256" });
const RESULTS = /** @type {Record<string, string>} */ ({ clean: "未发现反弹", relapse: "死灰复燃" });

/** @param {CaseDetail} detail */
export function timeline(detail) {
  return el("ol", { class: "timeline" }, ...[...detail.events].reverse().map((event) => row(detail, event)));
}

/** @param {CaseDetail} detail @param {CaseEvent} event */
function row(detail, event) {
  const changes = Object.entries(event.changes).filter(([field]) => field !== "sha256" && field !== "state");
  return el(
    "li",
    { "data-kind": event.kind },
    el("time", { datetime: event.on_day }, event.on_day),
    el(
      "div",
      {},
      el("strong", {}, event.kind_name),
      event.words ? el("p", { class: "told" }, event.words) : null,
      changes.length ? el("ul", { class: "changes" }, ...changes.map(([field, [old, now]]) => el("li", {}, `${nameOf(detail, field)}：`, ...(isNone(old) ? [] : [el("del", {}, text(detail, field, old)), " → "]), el("ins", {}, text(detail, field, now))))) : null,
      el("p", { class: "under" }, `${event.by_name} · ${instant(event.at)} 登记`),
    ),
  );
}

/** @param {CaseDetail} detail @param {string} field */
function nameOf(detail, field) {
  const [item, part] = field.split(".");
  if (item === "link") return part === "tenant" ? "承租方" : (detail.choices.relations[part] ?? part);
  if (part) return `${detail.choices.items[item]}${PARTS[part]}`;
  return detail.fields[field] ?? OTHER[field] ?? field;
}

/** @param {any} value */
function isNone(value) {
  return value === null || value === "" || (Array.isArray(value) && !value.length);
}

/** @param {CaseDetail} detail @param {string} field @param {any} value */
function text(detail, field, value) {
  const { choices } = detail;
  if (isNone(value)) return "空";
  if (typeof value === "boolean") return value ? "是" : "否";
  if (field.endsWith(".evidence")) return value.map((/** @type {string} */ id) => `附件${detail.attachments.findIndex((each) => each.id === id) + 1}`).join("、");
  if (field === "stages") return value.map((/** @type {string} */ each) => choices.stages[each]).join("、");
  if (field === "chemicals") return value.map(chemicalText).join("；");
  /** @type {Record<string, Record<string, string>>} */
  const words = { category: choices.categories, chemical_kind: choices.chemical_kinds, way_to_close: choices.ways, supervised_level: choices.levels, look_back: RESULTS };
  return words[field]?.[value] ?? String(value);
}
