/** The page put together: all lists, or one with its rows, its map and the row that is open. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId } from "../dom.js";
import { whole } from "../format.js";
import { ApiError } from "../api.js";
import { showTrouble } from "../session.js";
import { decide, matchAgain, sayAbsent, sayUnmatched, searchSite, withdraw } from "./decide.js";
import { makeFilters, markRow, showFigures, showHead, showRows } from "./list.js";
import { showLists } from "./overview.js";
import { showRow } from "./row.js";
import { addressOf, ALL, fromAddress, params } from "./state.js";
import { importList } from "./upload.js";

/** @typedef {import("./types.js").Asked} Asked */
/** @typedef {import("./types.js").ListDetail} ListDetail */
/** @typedef {import("./types.js").RowDetail} RowDetail */
/** @typedef {import("./map.js").RowsMap} RowsMap */

const PAGE = 50;
const AGAIN_MS = 1500;
const STEPS = /** @type {Record<string, number>} */ ({ j: 1, k: -1 });
const CONFLICT = 409;

export class BaselinesPage {
  /** @param {import("../types.js").Person} person @param {(open: (id: string) => void, bounds: import("../types.js").Bbox|null) => Promise<RowsMap|null>} makeMap */
  constructor(person, makeMap) {
    this.person = person;
    this.mayManage = person.rights.includes("baselines.manage");
    this.makeMap = makeMap;
    this.lists = new Latest();
    this.rowLoads = new Latest();
    this.details = new Latest();
    this.asked = ALL;
    this.chosen = "";
    /** The list that was imported here and whose matching nobody has been told the end of. */
    this.awaited = "";
    /** @type {Record<string, string>} */
    this.kinds = {};
    /** @type {ListDetail|null} */
    this.list = null;
    /** @type {import("./types.js").Row[]} */
    this.rows = [];
    /** @type {RowDetail|null} */
    this.row = null;
    /** @type {Promise<RowsMap|null>|null} */
    this.map = null;
    this.timer = 0;
  }

  async start() {
    addEventListener("popstate", () => void this.go());
    addEventListener("keydown", (event) => this.#key(event));
    byId("more").addEventListener("click", () => void this.#loadRows(true));
    await this.go();
  }

  /** Show what the address bar asks for. */
  async go() {
    const { list, row, asked } = fromAddress();
    clearTimeout(this.timer);
    this.asked = asked;
    this.chosen = row;
    byId("lists").hidden = Boolean(list);
    for (const id of ["panel", "stage"]) byId(id).hidden = !list;
    document.body.dataset.view = list ? "list" : "lists";
    try {
      if (list) await this.#showList(list);
      else await this.#showLists();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    if (isAbort(error)) return;
    document.documentElement.dataset.baselines = "failed";
    showTrouble(error);
  }

  /** @param {string} list @param {Asked} [asked] */
  #to(list, asked) {
    history.pushState(null, "", addressOf(list, asked));
    byId("trouble").hidden = true;
    void this.go();
  }

  async #showLists() {
    document.documentElement.dataset.baselines = "loading";
    this.#closeRow();
    this.list = null;
    const lists = /** @type {import("./types.js").Lists} */ (await getJson("/api/baselines", { limit: 200 }, this.lists.start()));
    this.kinds = lists.kinds;
    showLists(lists, (list, asked) => this.#to(list, asked), this.mayManage ? () => this.#import() : null);
    document.documentElement.dataset.baselines = "lists";
    const isBusy = lists.items.some(({ state, withdrawn_at: gone }) => !gone && (state === "waiting" || state === "matching"));
    if (isBusy) this.timer = window.setTimeout(() => void this.#showLists().catch((error) => this.#failed(error)), AGAIN_MS);
  }

  #import() {
    const unit = this.person.units[0] ?? null;
    importList(this.kinds, unit, (list) => {
      byId("live").textContent = `名单已导入，共 ${whole(list.figures.rows)} 户，正在匹配。`;
      this.awaited = list.id;
      this.#to(list.id);
    });
  }

  /** @param {string} id */
  async #showList(id) {
    document.documentElement.dataset.baselines = "loading";
    const wanted = this.chosen;
    if (this.list?.id !== id) {
      this.#closeRow();
      this.rows = [];
      showRows([], "", () => {});
    }
    await this.#loadList(id, true);
    makeFilters(this.asked, (change) => void this.ask(change));
    await this.#loadRows();
    document.documentElement.dataset.baselines = "list";
    if (wanted) await this.open(wanted);
    else this.#closeRow();
    this.map ??= this.makeMap((row) => void this.open(row), this.list?.bounds ?? null);
    const map = await this.map;
    await map?.show(id, this.asked);
    if (!this.chosen) map?.fit(this.list?.bounds ?? null);
    else this.#mark();
  }

  /** The list with its figures; asked again while it is being matched. @param {string} id @param {boolean} [isFirst] */
  async #loadList(id, isFirst = false) {
    clearTimeout(this.timer);
    const before = this.list?.id === id ? this.list.state : null;
    const list = /** @type {ListDetail} */ (await getJson(`/api/baselines/${encodeURIComponent(id)}`, {}, this.lists.start()));
    this.list = list;
    this.#drawList(list);
    const isBusy = !list.withdrawn_at && (list.state === "waiting" || list.state === "matching");
    if (isBusy) this.timer = window.setTimeout(() => void this.#loadList(id).catch((error) => this.#failed(error)), AGAIN_MS);
    const isDone = list.state === "ready" && (this.awaited === id || (!isFirst && before !== "ready"));
    if (!isDone) return;
    this.awaited = "";
    byId("live").textContent = `匹配完成：已匹配 ${whole(list.figures.matched)} 户，待确认 ${whole(list.figures.doubtful)} 户，未匹配 ${whole(list.figures.unmatched)} 户。`;
    await this.#loadRows();
    await (await this.map)?.show(id, this.asked);
  }

  /** @param {ListDetail} list */
  #drawList(list) {
    const mayAll = this.mayManage && !list.is_part && !list.withdrawn_at;
    const isIdle = list.state === "ready" || list.state === "failed";
    const wasOpen = byId("head").querySelector("details.report")?.hasAttribute("open");
    showHead(list, {
      back: () => this.#to(""),
      again: mayAll && isIdle ? () => void this.#matchAgain(list.id) : null,
      withdraw: mayAll ? () => withdraw(list.id, () => void this.#written("名单已撤回。")) : null,
    });
    if (wasOpen) byId("head").querySelector("details.report")?.setAttribute("open", "");
    showFigures(list, this.asked, (change) => void this.ask(change));
  }

  /** @param {string} id */
  async #matchAgain(id) {
    try {
      await matchAgain(id);
      await this.#loadList(id);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Other rows. @param {Partial<Asked>} change */
  async ask(change) {
    if (!this.list) return;
    this.asked = { ...this.asked, ...change };
    this.#remember();
    showFigures(this.list, this.asked, (next) => void this.ask(next));
    try {
      await this.#loadRows();
      await (await this.map)?.show(this.list.id, this.asked);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {boolean} [further] the next page, after what is there */
  async #loadRows(further = false) {
    if (!this.list) return;
    const skip = further ? this.rows.length : 0;
    const { findings, ...asked } = params(this.asked);
    const found = /** @type {import("./types.js").Rows} */ (await getJson(`/api/baselines/${this.list.id}/rows`, { ...asked, findings, limit: PAGE, skip }, this.rowLoads.start()));
    this.rows = further ? [...this.rows, ...found.items] : found.items;
    showRows(this.rows, this.chosen, (row) => void this.open(row));
    const shown = this.rows.length;
    byId("count").textContent = found.total ? `共 ${whole(found.total)} 户${shown < found.total ? `，已显示 ${whole(shown)} 户` : ""}` : "没有符合条件的户。";
    byId("more").hidden = shown >= found.total;
    byId("trouble").hidden = true;
  }

  /** @param {string} id of a row */
  async open(id) {
    if (!this.list) return;
    this.chosen = id;
    this.#remember();
    markRow(id);
    try {
      this.#drawRow(await getJson(`/api/baselines/${this.list.id}/rows/${encodeURIComponent(id)}`, {}, this.details.start()));
      this.#mark();
    } catch (error) {
      if (isAbort(error)) return;
      this.#closeRow();
      showTrouble(error);
    }
  }

  /** @param {RowDetail} row */
  #drawRow(row) {
    const { list } = this;
    if (!list) return;
    this.row = row;
    const done = (/** @type {RowDetail} */ now) => void this.#decided(now);
    showRow(row, {
      close: () => this.#leaveRow(),
      choose: this.#mayDecide() ? (target) => void this.#choose(row, target) : null,
      search: () => searchSite(list.id, row, done),
      absent: () => sayAbsent(list.id, row, list, done),
      unmatched: () => sayUnmatched(list.id, row, done),
    });
    byId("row").hidden = false;
    document.body.dataset.open = "";
    document.documentElement.dataset.row = String(row.id);
    byId("row").scrollTop = 0;
    if (matchMedia("(max-width: 900px)").matches) window.scrollTo(0, 0);
  }

  #mayDecide() {
    return this.mayManage && this.list !== null && !this.list.withdrawn_at;
  }

  /** @param {RowDetail} row @param {import("./types.js").Target} target */
  async #choose(row, target) {
    if (!this.list) return;
    try {
      await this.#decided(await decide(this.list.id, row, { state: "matched", site_id: target.site_id, tenancy_id: target.tenancy_id }));
    } catch (error) {
      showTrouble(error);
      if (error instanceof ApiError && error.status === CONFLICT) await this.open(String(row.id));
    }
  }

  /** Show what was decided; in a list of what waits the next comes up. @param {RowDetail} row */
  async #decided(row) {
    if (!this.list) return;
    byId("trouble").hidden = true;
    byId("live").textContent = `已认定为“${row.state_text}”。`;
    const at = this.rows.findIndex(({ id }) => id === row.id);
    try {
      await this.#loadList(this.list.id, true);
      await this.#loadRows();
      void (await this.map)?.show(this.list.id, this.asked);
      const left = this.rows.some(({ id }) => id === row.id);
      if (left || at < 0 || !this.rows.length) this.#drawRow(row);
      else await this.open(String(this.rows[Math.min(at, this.rows.length - 1)].id));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {string} text */
  async #written(text) {
    byId("live").textContent = text;
    if (this.list) await this.#showList(this.list.id).catch((error) => this.#failed(error));
  }

  async #mark() {
    const place = this.row?.lon != null && this.row.lat != null ? this.row : (this.row?.target ?? this.row?.candidates[0]?.target);
    const at = place && place.lon !== null && place.lat !== null ? { lon: place.lon, lat: place.lat } : null;
    await (await this.map)?.choose(at);
  }

  #leaveRow() {
    const before = this.chosen;
    this.#closeRow();
    this.#remember();
    void this.map?.then((map) => map?.choose(null));
    const row = byId("rows").querySelector(`[data-id="${CSS.escape(before)}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  #closeRow() {
    this.details.start();
    this.chosen = "";
    this.row = null;
    markRow("");
    delete document.body.dataset.open;
    delete document.documentElement.dataset.row;
    byId("row").hidden = true;
    byId("row").replaceChildren();
  }

  #remember() {
    if (this.list) history.replaceState(null, "", addressOf(this.list.id, this.asked, this.chosen));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !this.list) return;
    if (event.key === "Escape" && this.row) return this.#leaveRow();
    const choice = byId("row").querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (choice instanceof HTMLButtonElement) return choice.click();
    const step = STEPS[event.key.toLowerCase()];
    if (!step || !this.rows.length) return undefined;
    const now = this.rows.findIndex(({ id }) => String(id) === this.chosen);
    const next = now < 0 ? 0 : Math.min(Math.max(now + step, 0), this.rows.length - 1);
    return next === now ? undefined : void this.open(String(this.rows[next].id));
  }
}
