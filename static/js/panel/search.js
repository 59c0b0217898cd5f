/** Search by name or code: a combobox that works by keyboard alone (WAI-ARIA combobox with listbox). */

import { getJson, isAbort, Latest } from "../api.js";
import { debounced, el } from "../dom.js";
import { LEVEL_NAMES } from "../format.js";

/** @typedef {import("../types.js").Found} Found */

export class Search {
  /**
   * @param {HTMLElement} place
   * @param {(found: Found) => void} choose
   * @param {(error: unknown) => void} fail
   */
  constructor(place, choose, fail) {
    this.choose = choose;
    this.fail = fail;
    this.latest = new Latest();
    /** @type {Found[]} */
    this.found = [];
    this.active = -1;
    this.input = el("input", {
      type: "search", id: "search-input", role: "combobox", placeholder: "搜索名称或代码", autocomplete: "off",
      "aria-label": "搜索单元或网格的名称或代码", "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list",
    });
    this.list = el("ul", { id: "search-list", role: "listbox", "aria-label": "搜索结果", hidden: true });
    const ask = debounced(150, () => void this.#ask());
    this.input.addEventListener("input", ask);
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    place.replaceChildren(this.input, this.list);
  }

  async #ask() {
    const q = this.input.value.trim();
    if (!q) return this.#close();
    try {
      this.found = await getJson("/api/search", { q, limit: 10 }, this.latest.start());
      this.active = this.found.length ? 0 : -1;
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) this.fail(error);
    }
  }

  #draw() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (!this.found.length) {
      this.list.replaceChildren(el("li", { class: "search-none" }, "没有找到"));
      return;
    }
    this.list.replaceChildren(...this.found.map((found, index) => this.#option(found, index)));
    this.#mark();
  }

  /** @param {Found} found @param {number} index */
  #option(found, index) {
    // mousedown, not click: the input's blur would close the list before a click arrives.
    const pick = (/** @type {MouseEvent} */ event) => {
      event.preventDefault();
      this.#pick(index);
    };
    return el(
      "li",
      { role: "option", id: `search-option-${index}`, onmousedown: pick },
      el("strong", {}, found.name),
      el("span", { class: "search-code" }, found.code),
      el("span", { class: "search-path" }, `${LEVEL_NAMES[found.level]} · ${found.path_names.join(" › ")}`),
    );
  }

  #mark() {
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    this.input.setAttribute("aria-activedescendant", this.active >= 0 ? `search-option-${this.active}` : "");
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      event.preventDefault();
      this.active = (this.active + step + this.found.length) % this.found.length;
      this.#mark();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.#pick(this.active);
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  /** @param {number} index */
  #pick(index) {
    const found = this.found[index];
    this.input.value = "";
    this.#close();
    this.choose(found);
  }

  #close() {
    this.latest.controller?.abort();
    this.found = [];
    this.active = -1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
