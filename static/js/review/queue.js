/** What the list holds: records of a state, or imported requests, page by page. */

import { getJson, Latest } from "../api.js";
import { byId } from "../dom.js";
import { whole } from "../format.js";
import { hideFilters, showExclusions, showFilters, showRecords } from "./list.js";
import { STATES } from "./words.js";

/** @typedef {import("./list.js").Asked} Asked */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Exclusion} Exclusion */

const PAGE = 50;
/** @type {Record<import("./types.js").QueueState, string>} */
export const EMPTY = {
  open: "没有待审核的记录。",
  asked: "没有等待网格员答复的记录。",
  decided: "还没有处理过的记录。",
  exclusions: "没有待审批的扣除申请。",
};

export class Queue {
  /**
   * @param {URLSearchParams} query of the address bar
   * @param {{open: (id: string) => void, ask: (change: Partial<Asked>) => void}} on
   */
  constructor(query, on) {
    const state = STATES.map(([name]) => name).find((name) => name === query.get("state")) ?? "open";
    /** @type {Asked} */
    this.asked = { state, kind: query.get("kind") ?? "", unit: query.get("unit") ?? "", officer: query.get("officer") ?? "" };
    this.on = on;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Exclusion[]} */
    this.requests = [];
    /** @type {Record<string, string>} */
    this.names = {};
    this.total = 0;
    this.loads = new Latest();
  }

  /** Ask for something else; what is listed no longer holds. @param {Partial<Asked>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    this.items = [];
    this.requests = [];
    this.total = 0;
    byId("list").replaceChildren();
    byId("count").textContent = "正在读取…";
    byId("more").hidden = true;
  }

  get isOfRequests() {
    return this.asked.state === "exclusions";
  }

  /** Ids of records, or codes of requests, in the order of the list. */
  get ids() {
    return this.isOfRequests ? this.requests.map((each) => each.code) : this.items.map((item) => item.id);
  }

  /** What to say when nothing is listed. */
  get emptyText() {
    return EMPTY[this.asked.state];
  }

  /**
   * Load and show. Throws ApiError, or the AbortError of a load that a newer one overtook.
   * @param {string|null} chosen id
   * @param {boolean} further the next page, after what is there
   */
  async load(chosen, further) {
    if (this.isOfRequests) await this.#loadRequests(chosen, further);
    else await this.#loadRecords(chosen, further);
    const shown = this.ids.length;
    byId("count").textContent = this.total ? `共 ${whole(this.total)} 条${shown < this.total ? `，已显示 ${whole(shown)} 条` : ""}` : this.emptyText;
    byId("more").hidden = shown >= this.total;
  }

  /** @param {string|null} chosen @param {boolean} further */
  async #loadRecords(chosen, further) {
    const { state, kind, unit, officer } = this.asked;
    const params = { state, kind: kind || null, unit: unit || null, officer: officer || null, limit: PAGE, skip: further ? this.items.length : 0 };
    const queue = /** @type {import("./types.js").Queue} */ (await getJson("/api/review", params, this.loads.start()));
    // While somebody reads on, others decide: a record may come on two pages.
    const known = new Set(further ? this.items.map((item) => item.id) : []);
    this.items = [...(further ? this.items : []), ...queue.items.filter((item) => !known.has(item.id))];
    this.requests = [];
    this.names = { ...this.names, ...queue.finding_names };
    this.total = queue.total;
    showFilters(queue, this.asked, this.on.ask);
    showRecords(this.items, this.names, chosen, this.on.open);
  }

  /** @param {string|null} chosen @param {boolean} further */
  async #loadRequests(chosen, further) {
    const params = { limit: PAGE, skip: further ? this.requests.length : 0 };
    const found = await getJson("/api/review/exclusions", params, this.loads.start());
    this.requests = [...(further ? this.requests : []), ...found.items];
    this.items = [];
    this.total = found.total;
    hideFilters();
    showExclusions(this.requests, chosen, this.on.open);
  }
}
