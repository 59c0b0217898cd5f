/** The list, its counts by state, and the filters above it. */

import { byId, debounced, el } from "../dom.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { FILTERS } from "./state.js";

/** @typedef {import("./state.js").Asked} Asked */
/** @typedef {import("./types.js").CaseRow} CaseRow */
/** @typedef {import("./types.js").Cases} Cases */

const TYPING_MS = 300;

/** A case in the list. @param {CaseRow} row @param {import("./types.js").Choices} choices @param {(id: string) => void} open */
export function rowOf(row, choices, open) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "row", "data-id": row.id, onclick: () => open(row.id) },
      el("span", { class: "row-top" }, el("strong", {}, row.party_name), stateTag(row.state, row.state_text)),
      el("span", { class: "row-under" }, `${row.number} · ${row.category_text} · ${row.unit.name}`),
      el("span", { class: "row-tags" }, ...badges(row, choices), el("span", { class: "row-due" }, dueText(row))),
    ),
  );
}

/** @param {string} state @param {string} text */
export function stateTag(state, text) {
  return el("span", { class: `tag case-${state}` }, text);
}

/** 挂牌督办 and what was left undone. @param {CaseRow} row @param {import("./types.js").Choices} choices */
export function badges(row, choices) {
  const board = row.supervised_level ? [el("span", { class: "tag board" }, `${choices.levels[row.supervised_level]}挂牌督办`)] : [];
  const again = row.relapses ? [el("span", { class: "tag" }, `反弹 ${row.relapses} 次`)] : [];
  return [...board, ...row.omissions.map((kind) => el("span", { class: "tag omission" }, choices.omissions[kind])), ...again];
}

/** @param {CaseRow} row */
export function dueText(row) {
  if (row.days_left === null) return `${row.closed_on} 完成整治`;
  if (row.days_left < 0) return `超期 ${-row.days_left} 天`;
  return row.days_left === 0 ? "今天到期" : `还有 ${row.days_left} 天`;
}

export class Filters {
  /** @param {(change: Partial<Asked>) => void} change */
  constructor(change) {
    this.change = change;
    this.words = el("input", { type: "search", id: "by-q", placeholder: "编号、名称、地址、负责人", maxlength: 100, "aria-label": "按文字查找" });
    this.words.addEventListener("input", debounced(TYPING_MS, () => change({ q: this.words.value.trim() })));
    this.unit = new UnitPicker("按单元", "全部单元", (unit) => change({ unit: unit?.code ?? "" }));
    this.category = this.#choice("category", "按类别");
    this.omission = this.#choice("omission", "按遗漏");
    this.supervised = el("input", { type: "checkbox", id: "by-supervised", onchange: () => change({ supervised: this.supervised.checked ? "true" : "" }) });
    const none = /** @type {Asked} */ (Object.fromEntries(FILTERS.map((name) => [name, ""])));
    this.clear = el("button", { type: "button", class: "quiet", id: "clear", onclick: () => change(none) }, "清除筛选");
    this.board = el("span", {}, "挂牌督办");
    this.days = /** @type {const} */ (["found_from", "found_to"]).map((name) => this.#day(name));
    byId("filter-box").toggleAttribute("open", matchMedia("(min-width: 901px)").matches);
    byId("filters").replaceChildren(this.words, this.unit.box, this.category, this.omission, ...this.days.map(([label]) => label), el("label", { class: "check" }, this.supervised, this.board), this.clear);
  }

  /** @param {"category"|"omission"} name @param {string} label */
  #choice(name, label) {
    const choice = el("select", { id: `by-${name}`, "aria-label": label, onchange: () => this.change({ [name]: choice.value }) });
    return choice;
  }

  /** @param {"found_from"|"found_to"} name @returns {[HTMLElement, HTMLInputElement, "found_from"|"found_to"]} */
  #day(name) {
    const input = el("input", { type: "date", onchange: () => this.change({ [name]: input.value }) });
    return [el("label", { class: "day" }, name === "found_from" ? "发现自" : "至", input), input, name];
  }

  /** @param {Asked} asked @param {Cases} cases */
  async show(asked, { counts, choices }) {
    fill(this.category, "全部类别", Object.entries(choices.categories), counts.categories, asked.category);
    const left = Object.values(counts.omissions).reduce((sum, n) => sum + n, 0);
    fill(this.omission, "有无遗漏均可", [["any", "有遗漏的"], ...Object.entries(choices.omissions)], { ...counts.omissions, any: left }, asked.omission, left > 0);
    this.supervised.checked = asked.supervised === "true";
    this.board.textContent = `挂牌督办（${counts.supervised}）`;
    for (const [, input, name] of this.days) input.value = asked[name];
    if (document.activeElement !== this.words) this.words.value = asked.q;
    const count = FILTERS.filter((name) => name !== "state" && asked[name]).length;
    this.clear.hidden = !count && !asked.state;
    byId("filters-title").textContent = count ? `筛选（${count}）` : "筛选";
    await this.unit.showCode(asked.unit);
  }
}

/**
 * @param {HTMLSelectElement} choice @param {string} any @param {[string, string][]} options
 * @param {Record<string, number>} counts @param {string} chosen @param {boolean} [hideAny]
 */
function fill(choice, any, options, counts, chosen, hideAny = false) {
  const told = (/** @type {string} */ value) => (value === "any" && hideAny ? "" : `（${counts[value] ?? 0}）`);
  choice.replaceChildren(el("option", { value: "" }, any), ...options.map(([value, text]) => el("option", { value, selected: value === chosen }, `${text}${told(value)}`)));
  choice.toggleAttribute("data-set", Boolean(chosen));
}

/** Buttons by state, with how many. @param {Asked} asked @param {Cases} cases @param {(state: string) => void} choose */
export function showStates(asked, { counts, choices }, choose) {
  const open = counts.states.registered + counts.states.rectifying;
  /** @type {[string, string, number][]} */
  const all = [["", "全部", counts.all], ["open", "未完成", open], ...Object.entries(choices.states).map(([state, text]) => /** @type {[string, string, number]} */ ([state, text, counts.states[state]]))];
  byId("states").replaceChildren(
    ...all.map(([state, text, count]) => el("button", { type: "button", class: "state", "aria-pressed": String(asked.state === state), "data-state": state || "all", onclick: () => choose(state) }, el("strong", {}, count.toLocaleString("en")), text)),
  );
}
