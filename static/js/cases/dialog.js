/** Asking in a dialog: a refusal is shown as a list of what is missing, and nothing that was typed is lost. */

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { button, field } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Desk} Desk */

/**
 * @param {string} title
 * @param {Child[]} fields
 * @param {string} yes
 * @param {(values: FormData) => Promise<unknown>} send may fail: its words are shown
 * @param {() => void} [stale] somebody else changed the file since it was read
 */
export function askFor(title, fields, yes, send, stale) {
  const trouble = el("div", { class: "trouble", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "button" }, yes);
  const form = el("form", {}, el("h2", {}, title), ...fields, trouble);
  form.append(el("div", { class: "actions" }, button("取消", () => dialog.close(), "quiet tall"), submit));
  const dialog = el("dialog", { class: "office-dialog case-dialog" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    trouble.hidden = true;
    try {
      await send(new FormData(form));
      dialog.close();
    } catch (error) {
      trouble.replaceChildren(...wordsOf(error));
      if (stale && error instanceof ApiError && error.facts.reason === "version") {
        const anew = () => {
          dialog.close();
          stale();
        };
        trouble.append(button("查看最新内容", anew));
      }
      trouble.hidden = false;
      submit.disabled = false;
      trouble.scrollIntoView({ block: "nearest" });
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {unknown} error @returns {(string|Node)[]} */
export function wordsOf(error) {
  if (!(error instanceof ApiError)) return [`页面出错：${String(error)}`];
  const missing = /** @type {string[]} */ (error.facts.missing ?? []);
  if (!missing.length) return [error.message];
  return [el("p", {}, `${error.message.split("：")[0]}，还缺：`), el("ul", { class: "needs" }, ...missing.map((each) => el("li", {}, each)))];
}

/**
 * Write to a case and show what came of it.
 * @param {Desk} desk @param {"POST"|"PUT"|"PATCH"} method @param {string} path @param {unknown} body @param {string} said
 */
export async function write(desk, method, path, body, said) {
  desk.changed(/** @type {CaseDetail} */ (await sendJson(method, path, body)), said);
}

/** @param {string} name @param {string} value @param {Record<string, string|number|boolean|null>} [more] */
export function input(name, value, more = {}) {
  return el("input", { name, value, ...more });
}

/** @param {string} name @param {string} value @param {Record<string, string|number|boolean|null>} [more] */
export function area(name, value, more = {}) {
  return el("textarea", { name, rows: 4, ...more }, value);
}

/** A required line of words that goes into the history. @param {string} label @param {string} [name] @param {string} [hint] */
export function why(label, name = "words", hint) {
  return field(label, area(name, "", { required: true, maxlength: 500, rows: 3 }), hint);
}

/** @param {string} name @param {string} label @param {boolean} checked */
export function check(name, label, checked) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", name, checked }), label);
}

/** The local day of an instant, as the service counts days. @param {string|Date} at */
export function localDay(at) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date(at));
}

/** The local day now. */
export function today() {
  return localDay(new Date());
}
