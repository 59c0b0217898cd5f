/** What a list that was looked at comes to: figures, which column is what, what is told of its rows. */

import { el } from "../dom.js";
import { button, select, table } from "../office.js";

/** @typedef {import("./types.js").Import} Import */

const KINDS = { error: "错误", duplicate: "已登记", warning: "提示", skipped: "跳过" };

/** @param {Import} looked @param {() => void} again the columns were chosen anew */
export function report(looked, again) {
  return el("div", { class: "preview" }, el("h2", {}, `预览：${looked.file_name}`), read(looked), figures(looked), problems(looked), columns(looked, again), sample(looked));
}

/** Which column is what, as it stands in the selects; null when there are none. @param {HTMLElement} holder @returns {Record<string, string>|null} */
export function mappingOf(holder) {
  const selects = [...holder.querySelectorAll("select[data-field]")];
  if (!selects.length) return null;
  const chosen = selects.map((each) => /** @type {HTMLSelectElement} */ (each)).filter(({ value }) => value);
  return Object.fromEntries(chosen.map((each) => [String(each.dataset.field), each.value]));
}

/** @param {Import} looked */
function read(looked) {
  const where = looked.encoding ? `编码 ${looked.encoding}` : `工作表“${looked.sheet}”`;
  const others = looked.other_sheets.length ? `另有工作表 ${looked.other_sheets.join("、")} 未读取。` : "";
  return el("p", { class: "hint" }, `${where}，表头从第 ${looked.header_row} 行起共 ${looked.header_rows} 行，其下 ${looked.rows} 行。${others}`);
}

/** @param {Import} looked */
function figures(looked) {
  /** @type {[string, number, boolean][]} */
  const all = [
    ["可导入", looked.ready, false],
    ["其中已完成整治", looked.finished, false],
    ["已登记，不重复", looked.duplicates, false],
    ["跳过", looked.skipped, false],
    ["有错误", looked.errors, looked.errors > 0],
  ];
  return el("dl", { class: "facts" }, ...all.map(([word, number, isWanting]) => el("div", { class: isWanting ? "missing" : null }, el("dt", {}, word), el("dd", {}, number))));
}

/** @param {Import} looked */
function problems(looked) {
  const names = looked.fields.filter(({ key }) => looked.missing.includes(key)).map(({ text }) => `“${text}”`);
  const missing = names.length ? el("p", { class: "trouble", role: "alert" }, `没有找到${names.join("、")}在哪一列，请在下面选择后重新预览。`) : null;
  const rows = looked.problems.map(({ row, kind, text }) => [`第 ${row} 行`, el("span", { class: `tag told-${kind}` }, KINDS[kind]), text]);
  const rest = looked.problems_left_off ? el("p", { class: "hint" }, `还有 ${looked.problems_left_off} 条没有列出。`) : null;
  return el("section", {}, missing, table("逐行报告", ["行", "类别", "说明"], rows, looked.missing.length ? "" : "各行均可导入，没有要说明的。"), rest);
}

/** @param {Import} looked @param {() => void} again */
function columns(looked, again) {
  const heads = /** @type {[string, string][]} */ ([["", "（没有这一列）"], ...looked.headers.map((head) => [head, head])]);
  const choose = looked.fields.map(({ key, text, required }) =>
    el("label", { class: "field" }, el("span", {}, required ? `${text}（必需）` : text), select(`column-${key}`, heads, looked.mapping[key] ?? "", { "data-field": key })),
  );
  return el("details", { open: looked.missing.length > 0 }, el("summary", {}, "列对应"), el("div", { class: "columns" }, ...choose), el("div", { class: "actions start" }, button("按所选的列重新预览", again, "quiet tall")));
}

/** @param {Import} looked */
function sample(looked) {
  return el("details", {}, el("summary", {}, `前 ${looked.sample.length} 行`), table("前几行", looked.headers, looked.sample, "没有内容"));
}
