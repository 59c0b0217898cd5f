/** Setting a unit's policy from above: how much of a kind may be left. */

import { el } from "../dom.js";
import { ask, field, select, textOf } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").Threshold} Threshold */

const NEVER = ["changed_after_signature", "tile_not_following", "broken_chain"];
const ROWS = 6;

/** @param {Told} told @param {string} today @param {() => Promise<void>} done */
export function setPolicy(told, today, done) {
  const kinds = told.counts.filter(({ kind }) => !NEVER.includes(kind));
  /** @type {[string, string][]} */
  const choices = [["", "不选"], ...kinds.map(({ kind, text }) => /** @type {[string, string]} */ ([kind, text]))];
  const known = told.policy.unit?.code === told.unit.code ? Object.entries(told.policy.thresholds) : [];
  const rows = Array.from({ length: Math.max(ROWS, known.length + 2) }, (_, at) => row(choices, known[at] ?? ["", { count: null, area_m2: null }], at));
  ask(
    `规定${told.unit.name}的签字标准`,
    [
      el("p", { class: "hint" }, "未列出的各类遗漏均须为零。标准逐版留存，写入签字链，并印在认定书上。"),
      el("div", { class: "policy-rows" }, ...rows),
      field("自哪天起", el("input", { type: "date", name: "valid_from", min: today, value: today, required: true })),
      field("理由", el("textarea", { name: "words", rows: 3, maxlength: 500, required: true })),
    ],
    "规定",
    async (values) => {
      await sendJson("POST", "/api/determination/policies", { unit: told.unit.code, valid_from: textOf(values, "valid_from"), thresholds: stated(values, rows.length), words: textOf(values, "words") });
      await done();
    },
  );
}

/** @param {[string, string][]} choices @param {[string, Threshold]} known @param {number} at */
function row(choices, [kind, limit], at) {
  return el(
    "div",
    { class: "policy-row" },
    select(`kind-${at}`, choices, kind, { "aria-label": `第 ${at + 1} 类` }),
    el("input", { type: "number", name: `count-${at}`, min: 0, max: 1000000, step: 1, value: limit.count ?? "", placeholder: "项数", "aria-label": `第 ${at + 1} 类允许项数` }),
    el("input", { type: "number", name: `area-${at}`, min: 0, step: "any", value: limit.area_m2 ?? "", placeholder: "平方米", "aria-label": `第 ${at + 1} 类允许面积，平方米` }),
  );
}

/** @param {FormData} values @param {number} rows @returns {Record<string, {count?: number, area_m2?: number}>} */
function stated(values, rows) {
  /** @type {Record<string, {count?: number, area_m2?: number}>} */
  const found = {};
  for (let at = 0; at < rows; at += 1) {
    const kind = textOf(values, `kind-${at}`);
    if (!kind) continue;
    const [count, area] = [textOf(values, `count-${at}`), textOf(values, `area-${at}`)];
    found[kind] = { ...(count === null ? {} : { count: Number(count) }), ...(area === null ? {} : { area_m2: Number(area) }) };
  }
  return found;
}
