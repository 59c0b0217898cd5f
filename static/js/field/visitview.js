/** 走访: which sites are due, nearest first, and the visit to one of them. */

import { byId, el } from "../dom.js";
import { OCCUPANCIES, SITE_KINDS, SITE_LOOKS, stateMark } from "../sitestates.js";
import { confirmed } from "./parts.js";
import { VisitForm } from "./visitform.js";
import { leadCards } from "./visitleads.js";
import { byNearness, farText } from "./visitplaces.js";
import { orderCards } from "./ordercards.js";
import { distance_m } from "../engine/tracks.js";

/** @typedef {import("./types.js").PackageSite} PackageSite */
/** @typedef {import("./visitplaces.js").NearSite} NearSite */

const PAGE = 20;
const OPEN = "visit-open";

export class VisitView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    this.form = new VisitForm(field, () => void this.#leave(), (text) => page.say(text));
    this.key = "";
    this.most = PAGE;
    this.isCheckedListed = false;
  }

  /** What was open when the page was left opens again. */
  async open() {
    if (this.form.site_id) return;
    const site_id = await this.field.store.kept(OPEN);
    if (site_id && this.field.drafts.has(site_id)) await this.begin(site_id);
  }

  /** @param {string} site_id */
  async begin(site_id) {
    const site = this.field.sites().find(({ id }) => id === site_id);
    if (!site) return;
    await this.field.store.keep(OPEN, site_id);
    this.field.position.ask();
    await this.form.open(site);
    byId("view-visit").replaceChildren(this.form.box);
    byId("view-visit").scrollTop = 0;
    this.key = "";
    this.render();
  }

  async #leave() {
    await this.field.store.keep(OPEN, null);
    this.key = "";
    this.render();
    byId("view-visit").scrollTop = 0;
  }

  render() {
    if (this.form.site_id) return this.form.render();
    const near = byNearness(this.field.sites(), this.field.position.here);
    const { outbox, drafts } = this.field;
    const waiting = new Set(outbox.items.filter((item) => item.kind === "visit" && !outbox.trouble(item)).map((item) => item.body.site_id));
    const shown = near.map((site) => [site.id, site.state, farText(site.distance_m), waiting.has(site.id), this.field.drafts.has(site.id)]);
    const { leads, orders } = this.field;
    const way = orders.list.map((order) => [order, orders.isOverdue(order), this.field.position.here && order.lon !== null && order.lat !== null ? farText(distance_m(this.field.position.here, { lon: order.lon, lat: order.lat })) : ""]);
    if (this.page.shown === "visit" && document.visibilityState === "visible") void orders.saw();
    const key = JSON.stringify([leads, way, shown, Object.keys(drafts.drafts), this.most, this.isCheckedListed, Boolean(this.field.package)]);
    if (key === this.key) return; // a finger may be on its way to a row
    this.key = key;
    this.#draw(near, waiting);
  }

  /** @param {NearSite[]} near @param {Set<string>} waiting */
  #draw(near, waiting) {
    const { leads, orders } = this.field;
    const begun = near.filter((site) => this.field.drafts.has(site.id));
    const rest = near.filter((site) => !this.field.drafts.has(site.id));
    const due = rest.filter((site) => site.state !== "checked" && !waiting.has(site.id));
    const others = rest.filter((site) => !due.includes(site));
    const row = (/** @type {NearSite} */ site) => this.#row(site, waiting.has(site.id));
    byId("view-visit").replaceChildren(
      el(
        "div",
        { class: "sheet", id: "visit-list" },
        el("h2", {}, "走访场所"),
        el("p", { class: "hint", role: "status" }, summary(this.field.package, due.length + begun.length)),
        orders.list.length ? section(`派给我的任务（${orders.list.length} 张）`, "visit-orders", orderCards(this.field, { visit: (site_id) => void this.begin(site_id), way: (order) => this.#lead(order) })) : null,
        leads.length ? section(`分派给我的线索（${leads.length} 条）`, "visit-leads", leadCards(this.field, (site_id) => void this.begin(site_id))) : null,
        this.#astray(near),
        begun.length ? section("填了一半", "visit-begun", begun.map(row)) : null,
        due.length ? section(`应查 ${due.length} 处，由近到远`, "visit-due", due.slice(0, this.most).map(row)) : null,
        due.length > this.most ? el("button", { type: "button", class: "act", onclick: () => this.#more() }, "显示更多") : null,
        others.length ? this.#others(others.map(row)) : null,
      ),
    );
  }

  /** What was begun at sites that are no longer among mine. @param {NearSite[]} near */
  #astray(near) {
    const known = new Set(near.map(({ id }) => id));
    const astray = this.field.package ? Object.keys(this.field.drafts.drafts).filter((id) => !known.has(id)) : [];
    if (!astray.length) return null;
    const drop = async () => {
      if (!(await confirmed(`删除 ${astray.length} 处填了一半的内容？`, "删除"))) return;
      for (const id of astray) await this.field.drafts.drop(id);
      this.render();
    };
    return el("div", { class: "record bad" }, el("p", {}, `有 ${astray.length} 处填了一半的场所已不在您的清单中（可能已移除或调整了网格），不能再上传。`), el("div", { class: "row" }, el("button", { type: "button", onclick: () => void drop() }, "删除")));
  }

  /** @param {HTMLElement[]} rows */
  #others(rows) {
    const turn = () => {
      this.isCheckedListed = !this.isCheckedListed;
      this.render();
    };
    return el(
      "section",
      { class: "choices", id: "visit-others" },
      el("button", { type: "button", class: "row-button", "aria-expanded": String(this.isCheckedListed), onclick: turn }, `${this.isCheckedListed ? "收起" : "显示"}已检查和待上传的 ${rows.length} 处`),
      ...(this.isCheckedListed ? rows : []),
    );
  }

  /** @param {import("./types.js").FieldOrder} order */
  #lead(order) {
    this.field.orders.lead(order);
    this.page.show("patrol");
  }

  #more() {
    this.most += PAGE;
    this.render();
  }

  /** @param {NearSite} site @param {boolean} isWaiting */
  #row(site, isWaiting) {
    const state = isWaiting ? "已走访，待上传" : SITE_LOOKS[site.state].word;
    const facts = [state, SITE_KINDS[site.kind], OCCUPANCIES[site.occupancy], site.tenancies.length ? `${site.tenancies.length} 户` : ""].filter(Boolean);
    return el(
      "button",
      { type: "button", class: "row-button visit-row", "data-site": site.id, "data-state": site.state, onclick: () => void this.begin(site.id) },
      stateMark(site.state),
      el("span", {}, el("strong", {}, site.name), el("span", {}, facts.join(" · "))),
      el("span", { class: "far" }, site.lon === null && !site.outline ? "无坐标" : farText(site.distance_m)),
    );
  }
}

/** @param {import("./types.js").Package|null} given @param {number} due */
function summary(given, due) {
  if (!given?.sites) return "尚未取得场所清单，联网后显示。";
  const listed = given.sites.length;
  if (!listed) return "您的网格内没有登记的场所。";
  const all = given.sites_total ?? listed;
  const part = all > listed ? `，本机只带最紧急的 ${listed} 处` : "";
  return due ? `网格内共 ${all} 处场所${part}，${due} 处应当走访。` : `网格内共 ${all} 处场所${part}，都在检查周期内。`;
}

/** @param {string} title @param {string} id @param {HTMLElement[]} rows */
function section(title, id, rows) {
  return el("section", { class: "choices", id }, el("h3", {}, title), ...rows);
}
