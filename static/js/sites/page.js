/** The page of sites put together: filters and list, the map, the site that is open. */

import { ApiError, getJson, isAbort, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { whole } from "../format.js";
import { sendJson, showTrouble } from "../session.js";
import { Filters } from "./filters.js";
import { markChosen, showList, showStates } from "./list.js";
import { showSite } from "./panel.js";
import { SiteForm } from "./siteform.js";
import { FILTERS, format, params, parse } from "./state.js";
import { addCheck, editTenancy, endTenancy, removeSite, restoreSite } from "./tenancyforms.js";

/** @typedef {import("./types.js").SiteRow} SiteRow */
/** @typedef {import("./types.js").Sites} Sites */
/** @typedef {import("./types.js").SiteDetail} SiteDetail */
/** @typedef {import("./state.js").Asked} Asked */
/** @typedef {import("./map.js").SitesMap} SitesMap */

const PAGE = 50;
// Beside list and site, the legend would hide what it explains.
const WIDE_PX = 1600;

export class SitesPage {
  /** @param {import("../types.js").Person} person */
  constructor(person) {
    this.person = person;
    this.mayManage = person.rights.includes("sites.manage");
    this.state = parse(location.search);
    this.filters = new Filters((change) => void this.ask(change));
    this.lists = new Latest();
    this.details = new Latest();
    /** @type {SiteRow[]} */
    this.items = [];
    this.total = 0;
    /** @type {SitesMap|null} */
    this.map = null;
    this.isForm = false;
  }

  /** @param {(page: SitesPage) => Promise<SitesMap|null>} makeMap */
  async start(makeMap) {
    byId("more").addEventListener("click", () => void this.load(true));
    byId("add").hidden = !this.mayManage;
    byId("add").addEventListener("click", () => this.form(null));
    addEventListener("popstate", () => void this.#travelled());
    addEventListener("keydown", (event) => this.#key(event));
    await this.load();
    this.map = await makeMap(this);
    void this.map?.show(this.state);
    if (this.state.site) await this.open(this.state.site);
  }

  /** Other filters. @param {Partial<Asked>} change */
  async ask(change) {
    const asked = { ...this.state.asked, ...change };
    if (FILTERS.every((name) => asked[name] === this.state.asked[name])) return;
    this.state = { ...this.state, asked };
    this.#remember();
    void this.map?.show(this.state);
    await this.load();
  }

  /** The list as it is asked for. @param {boolean} [further] the next page, after what is there */
  async load(further = false) {
    document.documentElement.dataset.sites = "loading";
    byId("count").textContent = "正在读取…";
    try {
      const asked = { ...params(this.state.asked), limit: PAGE, skip: further ? this.items.length : 0 };
      const found = /** @type {Sites} */ (await getJson("/api/sites", asked, this.lists.start()));
      const known = new Set(further ? this.items.map(({ id }) => id) : []);
      this.items = [...(further ? this.items : []), ...found.items.filter(({ id }) => !known.has(id))];
      this.total = found.total;
      this.#showFound(found);
      await this.filters.show(this.state.asked);
      byId("trouble").hidden = true;
      document.documentElement.dataset.sites = "shown";
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {Sites} found */
  #showFound({ counts, total }) {
    showStates(counts, this.state.asked.state, (state) => void this.ask({ state }));
    showList(this.items, this.state.site, (id) => void this.open(id));
    const shown = this.items.length;
    byId("count").textContent = total ? `共 ${whole(total)} 处${shown < total ? `，先列最急的 ${shown} 处` : "，急的在前"}` : "";
    byId("more").hidden = shown >= total;
    byId("none").hidden = total > 0;
    if (!total) byId("none").replaceChildren(...this.#nothing());
  }

  /** What to say, and to do, when nothing is listed. */
  #nothing() {
    if (FILTERS.some((name) => this.state.asked[name])) return [el("p", {}, "没有符合条件的场所。")];
    const next = this.mayManage ? "点“新增场所”逐处登记，或由管理员从表格、GeoJSON 批量导入。" : "请联系村（社区）、镇（街道）工作人员登记。";
    return [el("p", {}, el("strong", {}, "您的管辖范围内还没有登记场所。")), el("p", {}, next)];
  }

  /** @param {unknown} error */
  #failed(error) {
    if (isAbort(error)) return;
    document.documentElement.dataset.sites = "failed";
    byId("count").textContent = "";
    this.#offerAgain(error);
  }

  /** Said of the map alone, when the list has nothing to say. @param {ApiError} error */
  mapFailed(error) {
    if (byId("trouble").hidden) this.#offerAgain(error);
  }

  /** @param {unknown} error */
  #offerAgain(error) {
    showTrouble(error);
    const again = () => {
      this.map?.refresh();
      void this.load();
    };
    if (error instanceof ApiError) byId("trouble").append(" ", el("button", { type: "button", class: "link", onclick: again }, "重试"));
  }

  /** Open a site beside the list. @param {string} id */
  async open(id) {
    this.isForm = false;
    this.state = { ...this.state, site: id };
    this.#remember();
    markChosen(id);
    document.documentElement.dataset.site = "loading";
    try {
      const site = /** @type {SiteDetail} */ (await getJson(`/api/sites/${encodeURIComponent(id)}`, {}, this.details.start()));
      this.#reveal();
      this.#showSite(site);
      byId("trouble").hidden = true;
      await this.map?.choose(site);
      document.documentElement.dataset.site = site.id;
    } catch (error) {
      if (isAbort(error)) return;
      this.close();
      showTrouble(error);
    }
  }

  /** @param {SiteDetail} site */
  #showSite(site) {
    const again = () => this.#written(site.id);
    const may = this.mayManage;
    showSite(site, this.person, {
      close: () => this.close(),
      edit: may ? () => this.form(site) : null,
      remove: may ? () => removeSite(site, again) : null,
      restore: may ? () => restoreSite(site, again) : null,
      addTenancy: may ? (parent) => editTenancy(site, null, parent, again) : null,
      editTenancy: may ? (tenancy) => editTenancy(site, tenancy, null, again) : null,
      endTenancy: may ? (tenancy) => endTenancy(site, tenancy, again) : null,
      check: may ? (tenancy) => addCheck(tenancy, again) : null,
    });
  }

  /** Something was saved: show everything as it is now. @param {string} id */
  async #written(id) {
    byId("live").textContent = "已保存。";
    await this.open(id);
    await Promise.all([this.load(), this.map?.refresh()]);
  }

  /** Add a site, or change one. @param {SiteDetail|null} site */
  form(site) {
    this.isForm = true;
    const { map } = this;
    const pick = map && ((/** @type {(place: {lon: number, lat: number}) => void} */ picked) => this.#pick(map, picked));
    new SiteForm(site, {
      send: (body) => (site ? sendJson("PATCH", `/api/sites/${site.id}`, body) : sendJson("POST", "/api/sites", body)),
      done: (id) => void this.#written(id),
      close: () => this.#leaveForm(site),
      pick,
      mark: (place) => map?.mark(place),
    });
    this.#reveal();
  }

  /** @param {SiteDetail|null} site */
  #leaveForm(site) {
    this.map?.mark(null);
    this.isForm = false;
    if (site) void this.open(site.id);
    else this.close();
  }

  /** @param {SitesMap} map @param {(place: {lon: number, lat: number}) => void} picked */
  #pick(map, picked) {
    const end = () => {
      delete document.body.dataset.picking;
      map.pick(null);
      byId("pick-bar").hidden = true;
    };
    document.body.dataset.picking = "";
    byId("pick-bar").replaceChildren(el("span", {}, "请在地图上点选场所的位置"), el("button", { type: "button", class: "quiet", onclick: end }, "取消"));
    byId("pick-bar").hidden = false;
    map.pick((place) => {
      end();
      picked(place);
      map.mark(place);
    });
  }

  #reveal() {
    byId("site").hidden = false;
    if (isWide() && innerWidth < WIDE_PX) byId("legend").removeAttribute("open");
    document.body.dataset.open = "";
    byId("site").scrollTop = 0;
    if (isWide()) return;
    window.scrollTo(0, 0);
    byId("site").focus({ preventScroll: true });
  }

  /** Nothing is open; on a phone the list comes back. */
  close() {
    this.details.start();
    const before = this.state.site;
    this.isForm = false;
    this.state = { ...this.state, site: null };
    this.#remember();
    markChosen(null);
    delete document.body.dataset.open;
    delete document.documentElement.dataset.site;
    byId("site").hidden = true;
    byId("site").replaceChildren();
    void this.map?.choose(null);
    this.map?.mark(null);
    const button = byId("list").querySelector(`tr[data-id="${CSS.escape(before ?? "")}"] .site-name`);
    if (button instanceof HTMLElement) button.focus();
  }

  /** The map was moved, or a layer switched. @param {Partial<import("./state.js").PageState>} change */
  note(change) {
    this.state = { ...this.state, ...change };
    this.#remember();
    if ("heat" in change || "cases" in change) void this.map?.show(this.state);
  }

  #remember() {
    history.replaceState(null, "", location.pathname + format(this.state));
  }

  async #travelled() {
    this.state = parse(location.search);
    void this.map?.show(this.state);
    await this.load();
    if (this.state.site) await this.open(this.state.site);
    else this.close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (byId("site").hidden || this.isForm || event.target instanceof HTMLInputElement) return;
    this.close();
  }
}

/** Whether list and site stand side by side. */
function isWide() {
  return matchMedia("(min-width: 901px)").matches;
}
