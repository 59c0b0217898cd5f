/** Choosing a unit by typing its name or code: a combobox that works by keyboard alone. */

import { getJson, isAbort, Latest } from "../api.js";
import { debounced, el } from "../dom.js";
import { LEVEL_NAMES } from "../format.js";
import { showTrouble } from "../session.js";

/** @typedef {import("../types.js").Found} Found */

let made = 0;

export class UnitPicker {
  /**
   * @param {string} label
   * @param {string} empty what stands in the box when nothing is chosen
   * @param {(unit: Found|null) => void} chosen null: it was cleared
   */
  constructor(label, empty, chosen) {
    this.chosen = chosen;
    /** @type {{code: string, name: string}|null} */
    this.unit = null;
    /** @type {Found[]} */
    this.found = [];
    this.active = -1;
    this.latest = new Latest();
    const list = `unit-list-${(made += 1)}`;
    this.input = el("input", { type: "search", class: "unit-input", role: "combobox", placeholder: empty, autocomplete: "off", "aria-label": label, "aria-expanded": "false", "aria-controls": list, "aria-autocomplete": "list" });
    this.list = el("ul", { id: list, class: "unit-list", role: "listbox", "aria-label": label, hidden: true });
    this.box = el("span", { class: "unit-picker" }, this.input, this.list);
    const ask = debounced(150, () => void this.#ask());
    this.input.addEventListener("input", () => (this.input.value.trim() ? ask() : this.#pick(null)));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.#left());
  }

  /** @param {{code: string, name: string}|null} unit */
  show(unit) {
    this.unit = unit;
    this.input.value = unit?.name ?? "";
  }

  /** Show the unit of a code; what nobody finds stands there by its code. @param {string} code */
  async showCode(code) {
    if (this.unit?.code === code) return;
    this.show(code ? { code, name: code } : null);
    if (!code) return;
    /** @type {Found[]} */
    const found = await getJson("/api/search", { q: code, limit: 10 });
    const unit = found.find((each) => each.code === code);
    if (unit && this.unit?.code === code) this.show(unit);
  }

  async #ask() {
    try {
      /** @type {Found[]} */
      const found = await getJson("/api/search", { q: this.input.value.trim(), limit: 20 }, this.latest.start());
      this.found = found.filter(({ level }) => level !== "grid").slice(0, 10);
      this.active = this.found.length ? 0 : -1;
      this.#draw();
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  #draw() {
    const option = (/** @type {Found} */ unit, /** @type {number} */ at) => {
      const pick = (/** @type {MouseEvent} */ event) => {
        event.preventDefault(); // the input's blur would close the list before a click arrives
        this.#pick(unit);
      };
      return el("li", { role: "option", id: `${this.list.id}-${at}`, "data-code": unit.code, onmousedown: pick }, el("strong", {}, unit.name), el("small", {}, `${LEVEL_NAMES[unit.level]} · ${unit.path_names.join(" › ")}`));
    };
    this.list.replaceChildren(...(this.found.length ? this.found.map(option) : [el("li", { class: "none" }, "没有找到")]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    this.input.setAttribute("aria-activedescendant", this.active >= 0 ? `${this.list.id}-${this.active}` : "");
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      event.preventDefault();
      this.active = (this.active + step + this.found.length) % this.found.length;
      this.#mark();
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      if (this.active >= 0) this.#pick(this.found[this.active]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.#left();
    }
  }

  /** @param {Found|null} unit */
  #pick(unit) {
    this.show(unit);
    this.#close();
    this.chosen(unit);
  }

  /** What was only typed is no choice. */
  #left() {
    this.input.value = this.unit?.name ?? "";
    this.#close();
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
