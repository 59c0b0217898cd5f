/** A list of which one kind is shown at a time; each kind's button says how many there are. */

import { el } from "../dom.js";

/**
 * @template {string} Kind
 * @template Item
 */
export class Choice {
  /**
   * @param {HTMLElement} buttons
   * @param {HTMLElement} list
   * @param {Record<Kind, {word: string, none: string}>} kinds in the order shown
   * @param {(item: Item, kind: Kind) => HTMLElement} entry
   */
  constructor(buttons, list, kinds, entry) {
    this.buttons = buttons;
    this.list = list;
    this.kinds = kinds;
    this.entry = entry;
    /** @type {Kind|null} */
    this.kind = null;
  }

  /**
   * @param {Record<Kind, {items: Item[], total: number}>} found
   * @param {boolean} isNew another place: choose anew
   */
  show(found, isNew) {
    const names = /** @type {Kind[]} */ (Object.keys(this.kinds));
    if (isNew || !this.kind) this.kind = names.find((name) => found[name].total) ?? names[0];
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.kind : undefined;
    this.buttons.replaceChildren(
      ...names.map((name) =>
        el(
          "button",
          { type: "button", "data-kind": name, "aria-pressed": String(name === this.kind), onclick: () => this.#choose(name, found) },
          `${this.kinds[name].word} ${found[name].total}`,
        ),
      ),
    );
    if (focused) /** @type {HTMLElement|null} */ (this.buttons.querySelector(`[data-kind="${focused}"]`))?.focus();
    const { items, total } = found[this.kind];
    const kind = this.kind;
    this.list.replaceChildren(
      total ? el("ul", {}, ...items.map((item) => this.entry(item, kind))) : el("p", { class: "empty" }, this.kinds[kind].none),
      total > items.length ? el("p", { class: "empty" }, `只列出前 ${items.length} 个，共 ${total} 个。请进入下级单元查看其余。`) : "",
    );
  }

  /** @param {Kind} kind @param {Record<Kind, {items: Item[], total: number}>} found */
  #choose(kind, found) {
    this.kind = kind;
    this.show(found, false);
  }
}

/** A number to call, or what stands for one. @param {string|null} phone */
export function phoneLink(phone) {
  if (!phone) return el("small", {}, "无电话");
  return el("a", { class: "phone", href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone);
}
