/** The filters above the list; they combine. */

import { byId, debounced, el } from "../dom.js";
import { OCCUPANCIES, SITE_KINDS } from "../sitestates.js";
import { FILTERS } from "./state.js";
import { UnitPicker } from "./unitpicker.js";
import { OMISSIONS, RISKS } from "./words.js";

/** @typedef {import("./state.js").Asked} Asked */

const TYPING_MS = 300;
/** @type {[name: "kind"|"occupancy"|"risk"|"omission", label: string, any: string, options: [string, string][]][]} */
const SELECTS = [
  ["kind", "类型", "全部类型", Object.entries(SITE_KINDS)],
  ["occupancy", "占用", "全部占用情况", Object.entries(OCCUPANCIES)],
  ["risk", "风险", "全部风险等级", RISKS.map(([code, name]) => [code, `${name}风险`])],
  ["omission", "遗漏", "有无遗漏均可", Object.entries(OMISSIONS).map(([code, [name]]) => [code, name])],
];

export class Filters {
  /** @param {(change: Partial<Asked>) => void} change */
  constructor(change) {
    this.words = el("input", { type: "search", id: "by-q", placeholder: "名称、编号、地址、租户", maxlength: 100, "aria-label": "按文字查找" });
    const typed = debounced(TYPING_MS, () => change({ q: this.words.value }));
    this.words.addEventListener("input", typed);
    this.unit = new UnitPicker("按单元", "全部单元", (unit) => change({ unit: unit?.code ?? "" }));
    this.unit.input.id = "by-unit";
    this.selects = SELECTS.map(([name, label, any, options]) => {
      const choice = el("select", { id: `by-${name}`, "aria-label": label, onchange: () => change({ [name]: choice.value }) }, el("option", { value: "" }, any), ...options.map(([value, text]) => el("option", { value }, text)));
      return /** @type {const} */ ([name, choice]);
    });
    byId("filter-box").toggleAttribute("open", matchMedia("(min-width: 901px)").matches);
    const none = /** @type {Asked} */ (Object.fromEntries(FILTERS.map((name) => [name, ""])));
    this.clear = el("button", { type: "button", class: "quiet", id: "clear", onclick: () => change(none) }, "清除筛选");
    byId("filters").replaceChildren(this.words, this.unit.box, ...this.selects.map(([, choice]) => choice), this.clear);
  }

  /** @param {Asked} asked */
  async show(asked) {
    for (const [name, choice] of this.selects) {
      choice.value = asked[name];
      choice.toggleAttribute("data-set", Boolean(asked[name]));
    }
    if (document.activeElement !== this.words) this.words.value = asked.q;
    const count = FILTERS.filter((name) => name !== "state" && asked[name]).length;
    this.clear.hidden = !count && !asked.state;
    byId("filters-title").textContent = count ? `筛选（${count}）` : "筛选";
    await this.unit.showCode(asked.unit);
  }
}
