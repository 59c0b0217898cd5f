/** The page put together: what is asked, the list, the case that is open. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId } from "../dom.js";
import { whole } from "../format.js";
import { showTrouble } from "../session.js";
import { showFile } from "./file.js";
import { Filters, rowOf, showStates } from "./list.js";
import { registerCase } from "./register.js";
import { fromAddress, paramsOf, toAddress } from "./state.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Cases} Cases */

const PAGE = 100;
/** Records that a new case may come from, as other pages name them in the address. */
const ORIGINS = ["site", "tenancy", "lead", "visit"];

export class CasesPage {
  /** @param {import("../types.js").Person} person */
  constructor(person) {
    this.person = person;
    const { asked, id } = fromAddress();
    this.asked = asked;
    this.chosen = id;
    /** @type {import("./map.js").CasesMap|null} */
    this.map = null;
    /** @type {Cases|null} */
    this.cases = null;
    this.lists = new Latest();
    this.files = new Latest();
    this.filters = new Filters((change) => void this.ask(change));
    byId("more").addEventListener("click", () => void this.load(true));
    byId("add").hidden = !person.rights.includes("cases.manage");
    byId("add").addEventListener("click", () => void this.#register({}));
    addEventListener("popstate", () => void this.#fromAddress());
  }

  /** @param {import("./map.js").CasesMap|null} map */
  async start(map) {
    this.map = map;
    const query = new URLSearchParams(location.search);
    const origin = query.has("new") ? Object.fromEntries(ORIGINS.flatMap((name) => (query.get(name) ? [[name, String(query.get(name))]] : []))) : null;
    if (origin) this.asked = { ...this.asked, site: "" };
    await this.load();
    if (this.chosen) await this.open(this.chosen, false);
    else this.map?.fit(this.cases?.bounds ?? null);
    if (origin) await this.#register(origin);
  }

  /** @param {Partial<import("./state.js").Asked>} change */
  async ask(change) {
    this.asked = { ...this.asked, ...change };
    toAddress(this.asked, this.chosen, false);
    await this.load();
    if (!this.chosen) this.map?.fit(this.cases?.bounds ?? null);
  }

  /** @param {boolean} [further] the next page, after what is there */
  async load(further = false) {
    document.documentElement.dataset.cases = "loading";
    const before = further && this.cases ? this.cases.items : [];
    try {
      const query = paramsOf(this.asked);
      const found = /** @type {Cases} */ (await getJson("/api/cases", { ...Object.fromEntries(query), limit: PAGE, skip: before.length }, this.lists.start()));
      this.cases = { ...found, items: [...before, ...found.items] };
      byId("trouble").hidden = true;
      await this.#show(this.cases);
      void this.map?.ask(query);
      document.documentElement.dataset.cases = "shown";
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** @param {Cases} cases */
  async #show(cases) {
    showStates(this.asked, cases, (state) => void this.ask({ state }));
    byId("list").replaceChildren(...cases.items.map((row) => rowOf(row, cases.choices, (id) => void this.open(id))));
    byId("more").hidden = cases.items.length >= cases.total;
    byId("count").textContent = `共 ${whole(cases.total)} 个案件`;
    byId("none").hidden = cases.total > 0;
    byId("none").textContent = cases.counts.all || paramsOf(this.asked).size ? "没有符合条件的案件。可清除筛选后再看。" : "管辖范围内还没有登记案件。";
    this.#mark();
    await this.filters.show(this.asked, cases);
  }

  /** @param {string} id @param {boolean} [push] */
  async open(id, push = true) {
    this.chosen = id;
    toAddress(this.asked, id, push);
    this.#mark();
    document.documentElement.dataset.file = "loading";
    byId("file").inert = true;
    try {
      const detail = /** @type {CaseDetail} */ (await getJson(`/api/cases/${encodeURIComponent(id)}`, {}, this.files.start()));
      byId("trouble").hidden = true;
      this.#reveal(detail);
      byId("file").scrollTop = 0;
      window.scrollTo(0, 0);
      byId("file").focus({ preventScroll: true });
    } catch (error) {
      if (isAbort(error)) return;
      this.close(false);
      showTrouble(error);
    }
  }

  /** @param {CaseDetail} detail */
  #reveal(detail) {
    // Beside a file there is no room for both the filters and the list.
    if (!("open" in document.body.dataset)) byId("filter-box").removeAttribute("open");
    document.body.dataset.open = "";
    byId("list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    byId("file").hidden = false;
    byId("file").inert = false;
    showFile(byId("file"), detail, this.#desk(detail), () => this.close());
    void this.map?.chain(detail.graph);
    document.title = `${detail.number} ${detail.party_name} · 无遗漏`;
    document.documentElement.dataset.file = detail.id;
  }

  /** @param {CaseDetail} shown @returns {import("./types.js").Desk} */
  #desk(shown) {
    return {
      changed: (detail, said) => {
        byId("live").textContent = said;
        if (this.chosen === detail.id) this.#reveal(detail);
        void this.load();
        void this.map?.again();
      },
      stale: () => void this.open(shown.id, false),
      open: (id) => void this.open(id),
    };
  }

  /** @param {boolean} [push] */
  close(push = true) {
    this.files.start();
    const before = this.chosen;
    this.chosen = null;
    toAddress(this.asked, null, push);
    delete document.body.dataset.open;
    byId("filter-box").toggleAttribute("open", matchMedia("(min-width: 901px)").matches);
    delete document.documentElement.dataset.file;
    document.title = "案件 · 无遗漏";
    byId("file").hidden = true;
    byId("file").replaceChildren();
    this.#mark();
    void this.map?.chain(null).then(() => this.map?.fit(this.cases?.bounds ?? null));
    const row = byId("list").querySelector(`[data-id="${CSS.escape(before ?? "")}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  async #fromAddress() {
    const { asked, id } = fromAddress();
    this.asked = asked;
    await this.load();
    if (id) await this.open(id, false);
    else if (this.chosen) this.close(false);
  }

  /** @param {Record<string, string>} origin */
  async #register(origin) {
    try {
      await registerCase(origin, (detail) => {
        byId("live").textContent = `已登记案件 ${detail.number}`;
        void this.load();
        void this.open(detail.id);
      });
    } catch (error) {
      showTrouble(error);
    }
  }

  #mark() {
    for (const row of byId("list").querySelectorAll(".row")) {
      const isChosen = row instanceof HTMLElement && row.dataset.id === this.chosen;
      if (isChosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}
