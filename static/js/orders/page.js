/** The page put together: the list, the order that is open. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId } from "../dom.js";
import { whole } from "../format.js";
import { sendJson, showTrouble } from "../session.js";
import { makeFilters, markRow, showCounts, showRows } from "./list.js";
import { showOrder } from "./order.js";
import { fromAddress, params, toAddress } from "./state.js";

/** @typedef {import("./types.js").Order} Order */
/** @typedef {import("./types.js").Row} Row */

const PAGE = 50;
const CONFLICT = 409;

export class OrdersPage {
  /** @param {import("../types.js").Person} person */
  constructor(person) {
    const { id, ...asked } = fromAddress();
    this.mayManage = person.rights.includes("orders.manage");
    this.asked = asked;
    this.chosen = id;
    /** @type {Row[]} */
    this.rows = [];
    this.lists = new Latest();
    this.details = new Latest();
  }

  async start() {
    makeFilters(this.asked, (change) => void this.ask(change));
    byId("more").addEventListener("click", () => void this.load(true));
    await this.load();
    if (this.chosen) await this.open(this.chosen);
  }

  /** @param {Partial<import("./state.js").Asked>} change */
  async ask(change) {
    this.asked = { ...this.asked, ...change };
    toAddress(this.asked, this.chosen);
    await this.load();
  }

  /** @param {boolean} [further] the next page, after what is there */
  async load(further = false) {
    document.documentElement.dataset.orders = "loading";
    try {
      const skip = further ? this.rows.length : 0;
      const page = /** @type {import("./types.js").Page} */ (await getJson("/api/orders", { ...params(this.asked), limit: PAGE, skip }, this.lists.start()));
      this.rows = further ? [...this.rows, ...page.items] : page.items;
      showCounts(page, this.asked, (change) => void this.ask(change));
      showRows(this.rows, this.chosen, (id) => void this.open(id));
      const shown = this.rows.length;
      byId("count").textContent = page.total ? `共 ${whole(page.total)} 张${shown < page.total ? `，已显示 ${whole(shown)} 张` : ""}` : this.#nothing();
      byId("more").hidden = shown >= page.total;
      document.documentElement.dataset.orders = "shown";
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  #nothing() {
    return Object.values(this.asked).some(Boolean) ? "没有符合条件的派单。" : "还没有派单。";
  }

  /** @param {string} id */
  async open(id) {
    this.chosen = id;
    toAddress(this.asked, id);
    markRow(id);
    try {
      this.#show(await getJson(`/api/orders/${encodeURIComponent(id)}`, {}, this.details.start()));
      byId("trouble").hidden = true;
    } catch (error) {
      if (isAbort(error)) return;
      this.close();
      showTrouble(error);
    }
  }

  /** @param {Order} order */
  #show(order) {
    byId("order").hidden = false;
    document.body.dataset.open = "";
    showOrder(order, this.mayManage, { back: () => this.close(), send: (body) => this.#send(order, body) });
    document.documentElement.dataset.order = order.id;
    if (matchMedia("(max-width: 900px)").matches) window.scrollTo(0, 0);
  }

  close() {
    this.details.start();
    const before = this.chosen;
    this.chosen = "";
    toAddress(this.asked, "");
    markRow("");
    byId("order").hidden = true;
    delete document.body.dataset.open;
    delete document.documentElement.dataset.order;
    const row = byId("list").querySelector(`[data-id="${CSS.escape(before)}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  /** @param {Order} order @param {Record<string, unknown>} body */
  async #send(order, body) {
    try {
      const moved = /** @type {Order} */ (await sendJson("POST", `/api/orders/${order.id}/steps`, { version: order.version, ...body }));
      this.#show(moved);
      byId("live").textContent = `已${moved.events[moved.events.length - 1].kind_text}。`;
      await this.load();
    } catch (error) {
      if (error instanceof Error && "status" in error && error.status === CONFLICT) void this.open(order.id);
      throw error;
    }
  }
}
