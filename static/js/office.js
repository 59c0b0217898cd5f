/** Parts of the office pages: tables, forms, dialogs. */

import { el } from "./dom.js";
import { ApiError } from "./api.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * A table that becomes blocks on a phone; each row's first cell names it.
 * @param {string} label
 * @param {string[]} heads
 * @param {Child[][]} rows
 * @param {string} empty what is said instead of an empty table
 */
export function table(label, heads, rows, empty) {
  if (!rows.length) return el("p", { class: "empty" }, empty);
  return el(
    "div",
    { class: "scrolls", tabindex: 0, role: "region", "aria-label": label },
    el(
      "table",
      { class: "office-table" },
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell, at) => cellOf(cell, heads[at], at))))),
    ),
  );
}

/** @param {Child} cell @param {string} head @param {number} at */
function cellOf(cell, head, at) {
  return at === 0 ? el("th", { scope: "row" }, cell) : el("td", { "data-word": head }, cell);
}

/** A labelled control. @param {string} label @param {HTMLElement} control @param {string} [hint] */
export function field(label, control, hint) {
  return el("label", { class: "field" }, el("span", {}, label), control, hint ? el("small", {}, hint) : null);
}

/**
 * @param {string} name @param {[string, string][]} choices value, text @param {string} [chosen]
 * @param {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} [more]
 */
export function select(name, choices, chosen, more = {}) {
  const options = choices.map(([value, text]) => el("option", { value, selected: value === chosen }, text));
  return el("select", { name, ...more }, ...options);
}

/** @param {string} text @param {() => void} act @param {string} [kind] class */
export function button(text, act, kind = "quiet") {
  return el("button", { type: "button", class: kind, onclick: act }, text);
}

/**
 * Ask in a dialog; `send` gets the form's values and may fail: its words are shown and nothing is lost.
 * @param {string} title
 * @param {Child[]} fields
 * @param {string} yes
 * @param {(values: FormData) => Promise<unknown>} send
 */
export function ask(title, fields, yes, send) {
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "button" }, yes);
  const form = el("form", {}, el("h2", {}, title), ...fields, trouble);
  form.append(el("div", { class: "actions" }, button("取消", () => dialog.close(), "quiet tall"), submit));
  const dialog = shown(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    trouble.hidden = true;
    try {
      await send(new FormData(form));
      dialog.close();
    } catch (error) {
      trouble.textContent = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
      trouble.hidden = false;
      submit.disabled = false;
    }
  });
}

/** Tell something that is shown this once. @param {string} title @param {string} words @param {string} secret @param {string} [yes] */
export function tell(title, words, secret, yes = "我已记下") {
  const close = button(yes, () => dialog.close(), "button");
  const dialog = shown(
    el("div", {}, el("h2", {}, title), el("p", {}, words), el("output", { class: "secret" }, secret), el("div", { class: "actions" }, close)),
  );
}

/** @param {HTMLElement} content */
function shown(content) {
  const dialog = el("dialog", { class: "office-dialog" }, content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** The text of a form's field, null for none. @param {FormData} values @param {string} name */
export function textOf(values, name) {
  return String(values.get(name) ?? "").trim() || null;
}
