/** The page put together: the list, the map, the lead that is open. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { whole } from "../format.js";
import { button } from "../office.js";
import { sendJson, showTrouble } from "../session.js";
import { enterLead } from "./entry.js";
import { showLead } from "./lead.js";
import { makeFilters, markRow, showCounts, showRows } from "./list.js";
import { fromAddress, params, toAddress } from "./state.js";
import { takeStep } from "./steps.js";
import { importPower, importVehicle } from "./uploads.js";

/** @typedef {import("./types.js").Lead} Lead */
/** @typedef {import("./types.js").Row} Row */

const PAGE = 50;
const CONFLICT = 409;

export class LeadsPage {
  /** @param {import("../types.js").Person} person */
  constructor(person) {
    const { id, ...asked } = fromAddress();
    this.person = person;
    this.asked = asked;
    this.chosen = id;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {import("./map.js").LeadsMap|null} */
    this.map = null;
    this.lists = new Latest();
    this.details = new Latest();
    this.today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
  }

  /** @param {import("./map.js").LeadsMap|null} map */
  async start(map) {
    this.map = map;
    makeFilters(this.asked, (change) => void this.ask(change));
    byId("more").addEventListener("click", () => void this.load(true));
    if (this.person.rights.includes("leads.manage")) this.#showDeeds();
    await this.load();
    if (this.chosen) await this.open(this.chosen);
  }

  #showDeeds() {
    const made = (/** @type {string} */ text) => async (/** @type {string|null} */ id) => {
      await this.load();
      if (id) await this.open(id);
      byId("live").textContent = text;
    };
    byId("deeds").hidden = false;
    byId("deeds").replaceChildren(
      button("登记线索", () => enterLead(this.person, this.map, made("线索已登记。")), "button"),
      button("导入用电量", () => importPower(made("用电量已导入。")), "quiet tall"),
      button("导入车辆轨迹", () => importVehicle(made("车辆轨迹已导入。")), "quiet tall"),
    );
  }

  /** @param {Partial<import("./state.js").Asked>} change */
  async ask(change) {
    this.asked = { ...this.asked, ...change };
    toAddress(this.asked, this.chosen);
    await this.load();
  }

  /** @param {boolean} [further] the next page, after what is there */
  async load(further = false) {
    document.documentElement.dataset.leads = "loading";
    try {
      const skip = further ? this.rows.length : 0;
      const page = /** @type {import("./types.js").Page} */ (await getJson("/api/leads", { ...params(this.asked), limit: PAGE, skip }, this.lists.start()));
      this.rows = further ? [...this.rows, ...page.items] : page.items;
      showCounts(page, this.asked, (change) => void this.ask(change));
      showRows(this.rows, this.chosen, (id) => void this.open(id), this.today);
      const shown = this.rows.length;
      byId("count").textContent = page.total ? `共 ${whole(page.total)} 条${shown < page.total ? `，已显示 ${whole(shown)} 条` : ""}` : this.#nothing();
      byId("more").hidden = shown >= page.total;
      if (!further) await this.map?.show(this.asked);
      document.documentElement.dataset.leads = "shown";
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  #nothing() {
    return Object.values(this.asked).some(Boolean) ? "没有符合条件的线索。" : "还没有线索。";
  }

  /** @param {string} id */
  async open(id) {
    this.chosen = id;
    toAddress(this.asked, id);
    markRow(id);
    try {
      this.#show(await getJson(`/api/leads/${encodeURIComponent(id)}`, {}, this.details.start()));
      byId("trouble").hidden = true;
    } catch (error) {
      if (isAbort(error)) return;
      this.close();
      showTrouble(error);
    }
  }

  /** @param {Lead} lead */
  #show(lead) {
    byId("lead").hidden = false;
    document.body.dataset.open = "";
    showLead(lead, this.person, this.today, {
      back: () => this.close(),
      step: (step) => void this.#step(lead, step),
    });
    void this.map?.choose(lead.lon === null || lead.lat === null ? null : { lon: lead.lon, lat: lead.lat });
    document.documentElement.dataset.lead = lead.id;
    byId("lead").scrollTop = 0;
    if (matchMedia("(max-width: 900px)").matches) window.scrollTo(0, 0);
  }

  close() {
    this.details.start();
    const before = this.chosen;
    this.chosen = "";
    toAddress(this.asked, "");
    markRow("");
    this.#stopPicking();
    byId("lead").hidden = true;
    delete document.body.dataset.open;
    delete document.documentElement.dataset.lead;
    void this.map?.choose(null);
    const row = byId("list").querySelector(`[data-id="${CSS.escape(before)}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  /** @param {Lead} lead @param {string} step */
  async #step(lead, step) {
    const send = async (/** @type {Record<string, unknown>} */ body) => {
      try {
        const moved = /** @type {Lead} */ (await sendJson("POST", `/api/leads/${lead.id}/steps`, { step, version: lead.version, ...body }));
        this.#show(moved);
        byId("live").textContent = `已${moved.events[moved.events.length - 1].kind_text}。`;
        await this.load();
      } catch (error) {
        if (error instanceof Error && "status" in error && error.status === CONFLICT) void this.open(lead.id);
        throw error;
      }
    };
    if (step === "place" && this.map) return this.#pickFor(lead, send);
    return takeStep(lead, step, send, null);
  }

  /** @param {Lead} lead @param {(body: Record<string, unknown>) => Promise<void>} send */
  #pickFor(lead, send) {
    const byHand = () => {
      this.#stopPicking();
      void takeStep(lead, "place", send, null);
    };
    const bar = byId("pick-bar");
    bar.replaceChildren(el("span", {}, "请在图上点选线索的位置"), button("填写坐标", byHand), button("取消", () => this.#stopPicking()));
    bar.hidden = false;
    document.body.dataset.picking = "";
    this.map?.pick((at) => {
      this.#stopPicking();
      void takeStep(lead, "place", send, at);
    });
    if (matchMedia("(max-width: 900px)").matches) byId("stage").scrollIntoView();
  }

  #stopPicking() {
    byId("pick-bar").hidden = true;
    delete document.body.dataset.picking;
    this.map?.pick(null);
  }
}
