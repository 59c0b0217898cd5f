/** Confirming a decision with words. */

import { ApiError } from "../api.js";
import { byId, el } from "../dom.js";

/** @typedef {import("./words.js").Deed} Deed */

/**
 * Ask for words and send them. A refusal is shown in the dialog, which stays open with what was written. Resolves to
 * "done" once the service said yes; when the person turned back, to "late" if somebody else had been faster.
 * @param {Deed} deed
 * @param {string} about
 * @param {(words: string) => Promise<unknown>} send
 * @returns {Promise<"done"|"late"|"left">}
 */
export function confirmDeed(deed, about, send) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  const words = el("textarea", { id: "words", rows: 3, maxlength: 500, required: deed.needsWords, placeholder: deed.needsWords ? "必填" : "选填" });
  const trouble = el("p", { class: "dialog-trouble", role: "alert", hidden: true });
  const yes = el("button", { type: "submit", class: "button" }, `确认${deed.button}`);
  const presets = deed.presets.map((text) => el("button", { type: "button", class: "preset", onclick: () => put(words, text) }, text));
  return new Promise((resolve) => {
    /** @type {"done"|"late"|"left"} */
    let outcome = "left";
    const form = el(
      "form",
      {
        onsubmit: async (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          yes.disabled = true;
          try {
            await send(words.value.trim());
            outcome = "done";
            dialog.close();
          } catch (error) {
            trouble.textContent = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
            trouble.hidden = false;
            if (error instanceof ApiError && error.status === 409) outcome = "late";
            yes.disabled = outcome === "late";
          }
        },
      },
      el("h2", { id: "dialog-title" }, deed.title),
      el("p", { class: "under" }, about),
      el("p", {}, deed.told),
      el("div", { class: "presets", role: "group", "aria-label": "常用说明" }, ...presets),
      el("label", { for: "words" }, deed.needsWords ? "说明（必填，网格员可见）" : "说明（选填）"),
      words,
      trouble,
      el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "取消"), yes),
    );
    dialog.replaceChildren(form);
    dialog.addEventListener("close", () => resolve(outcome), { once: true });
    dialog.showModal();
    words.focus();
  });
}

/** @param {HTMLTextAreaElement} words @param {string} text */
function put(words, text) {
  words.value = words.value.trim() ? `${words.value.trim()}；${text}` : text;
  words.focus();
}
