/** The pane of the forms: which form, whose, which days; the table as it will be printed; the workbook. */

import { address, getJson, isAbort, Latest } from "../api.js";
import { el } from "../dom.js";
import { showTrouble } from "../session.js";
import { paper } from "./paper.js";
import { choices, monthOf, today, weekOf } from "./periods.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").FormCode} FormCode */

/** @type {[code: FormCode, text: string][]} */
const FORMS = [
  ["F1", "F1 问题清单"],
  ["F2", "F2 汇总表"],
  ["F3", "F3 小化工台账"],
  ["F4", "F4 小化工汇总表"],
];
const latest = new Latest();

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showForms(pane, desk) {
  const asked = askedOf(desk.query);
  const result = el("div", { id: "form", "aria-live": "polite" });
  pane.replaceChildren(tools(desk, asked), result);
  document.documentElement.dataset.form = "loading";
  const params = { unit: desk.place.unit.code, first_day: asked.first, last_day: asked.last };
  try {
    const form = await getJson(`/api/reports/${asked.form}`, params, latest.start());
    const file = address(`/api/reports/${asked.form}.xlsx`, params);
    const checked = form.levels_checked === null ? "" : `已逐级核对 ${form.levels_checked} 个单位：各级合计与下级之和一致。`;
    const bar = el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, checked), el("a", { class: "button", href: file, download: "" }, "下载 Excel"));
    result.replaceChildren(bar, paper(form));
    desk.say(`${form.title}，${form.rows.length} 行`);
    document.documentElement.dataset.form = "shown";
  } catch (error) {
    if (isAbort(error)) return;
    document.documentElement.dataset.form = "failed";
    showTrouble(error);
  }
}

/** What the address bar asks for; by default F2 of this week, the others of this month. @param {URLSearchParams} query */
function askedOf(query) {
  const given = query.get("form");
  const form = FORMS.some(([code]) => code === given) ? /** @type {FormCode} */ (given) : "F2";
  const usual = form === "F1" || form === "F2" ? weekOf(today()) : monthOf(today());
  return { form, first: query.get("first") ?? usual.first, last: query.get("last") ?? usual.last };
}

/** @param {Desk} desk @param {{form: FormCode, first: string, last: string}} asked */
function tools(desk, asked) {
  const kinds = FORMS.map(([code, text]) =>
    el("button", { type: "button", "data-code": code, "aria-pressed": String(code === asked.form), onclick: () => desk.go({ form: code }) }, text),
  );
  const periods = choices(today()).map(([key, text, { first, last }]) =>
    el("button", { type: "button", "data-period": key, "aria-pressed": String(first === asked.first && last === asked.last), onclick: () => desk.go({ first, last }) }, text),
  );
  const days = el("span", { class: "days" }, day("first", "起", asked, desk), day("last", "止", asked, desk));
  return el(
    "div",
    { class: "choices" },
    el("div", { class: "choice", role: "group", "aria-label": "报表" }, ...kinds),
    el("div", { class: "choice", role: "group", "aria-label": "时段" }, ...periods, days),
    below(desk),
  );
}

/** @param {"first"|"last"} name @param {string} text @param {{first: string, last: string}} asked @param {Desk} desk */
function day(name, text, asked, desk) {
  const changed = (/** @type {{target: HTMLInputElement}} */ { target }) => {
    if (target.value) desk.go({ first: asked.first, last: asked.last, [name]: target.value });
  };
  return el("label", {}, el("span", {}, text), el("input", { type: "date", name, value: asked[name], min: "2000-01-02", max: "2199-12-31", onchange: changed }));
}

/** Going down to a unit below. @param {Desk} desk */
function below(desk) {
  const { below: units, unit } = desk.place;
  if (!units.length) return null;
  const go = (/** @type {{target: HTMLSelectElement}} */ { target }) => desk.go({ unit: target.value });
  const options = [el("option", { value: unit.code, selected: true }, `${unit.name}（全部）`), ...units.map(({ code, name }) => el("option", { value: code }, name))];
  return el("label", { class: "below" }, el("span", {}, "单位"), el("select", { name: "unit", onchange: go }, ...options));
}
