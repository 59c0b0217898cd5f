/** A form on the page as it will be printed: the same heads, rows and total that the workbook is made of. */

import { el } from "../dom.js";

/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Cell} Cell */

/** @param {Form} form */
export function paper(form) {
  const empty = el("td", { colspan: form.columns.length, class: "nothing" }, "本期没有应列入的问题");
  return el(
    "article",
    { class: "paper", "data-form": form.form },
    el("h2", {}, form.title),
    el("p", { class: "paper-above" }, ...form.above.map((text) => el("span", {}, text))),
    el(
      "div",
      { class: "scrolls", tabindex: 0, role: "region", "aria-label": form.title },
      el(
        "table",
        {},
        el("thead", {}, ...form.heads.map((row) => el("tr", {}, ...row.map(({ text, rows, columns }) => el("th", { scope: columns > 1 ? "colgroup" : "col", rowspan: rows, colspan: columns }, text))))),
        el("tbody", {}, ...(form.rows.length ? form.rows.map((row) => line(form, row)) : [el("tr", {}, empty)])),
        form.total ? el("tfoot", {}, line(form, form.total)) : null,
      ),
    ),
    el("p", { class: "paper-signed" }, ...form.signatures.map((text) => el("span", {}, text.includes("：") ? text : `${text}：`))),
    el("ul", { class: "paper-notes", "aria-label": "统计口径" }, ...form.notes.map((note) => el("li", {}, note))),
  );
}

/** @param {Form} form @param {Cell[]} cells */
function line(form, cells) {
  return el("tr", {}, ...cells.map((cell, at) => el("td", { class: `is-${form.columns[at].kind}`, "data-wide": form.columns[at].width > 18 }, shown(cell))));
}

/** @param {Cell} cell */
function shown(cell) {
  if (cell === true) return "√";
  return cell === null || cell === false ? "" : String(cell);
}
