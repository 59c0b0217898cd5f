/** The page of supervision: samples, forms, planted checks, the risk that remains. The address bar says what is shown. */

import { showAccount } from "../account.js";
import { getJson, isAbort, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { showBreadcrumb } from "../panel/breadcrumb.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { showChecks } from "./checks.js";
import { showForm } from "./form.js";
import { showPlan } from "./plan.js";
import { showPlans } from "./plans.js";
import { showRisk } from "./risk.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Whereabouts} Whereabouts */

/** @type {[key: string, text: string, show: (pane: HTMLElement, desk: Desk) => Promise<void>][]} */
const PANES = [
  ["plans", "抽样督导", showSamples],
  ["checks", "暗查", showChecks],
  ["risk", "剩余风险", showRisk],
];
const WITHIN = ["plan", "item", "form", "state", "skip"];

/** Plans, one of them, or one of its forms. @param {HTMLElement} pane @param {Desk} desk */
function showSamples(pane, desk) {
  if (desk.query.get("item")) return showForm(pane, desk);
  return desk.query.get("plan") ? showPlan(pane, desk) : showPlans(pane, desk);
}

class SupervisionPage {
  /** @param {import("./types.js").Person} person */
  constructor(person) {
    this.person = person;
    this.latest = new Latest();
    this.loads = 0;
    /** @type {Whereabouts|null} */
    this.place = null;
  }

  async start() {
    addEventListener("popstate", () => void this.load());
    byId("tabs").replaceChildren(
      ...PANES.map(([key, text]) => el("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": "pane", onclick: () => this.go({ ...cleared(), tab: key }) }, text)),
    );
    await this.load();
  }

  /** Read and show what the address bar asks for. */
  async load() {
    const load = ++this.loads;
    const query = new URLSearchParams(location.search);
    const at = Math.max(0, PANES.findIndex(([key]) => key === query.get("tab")));
    const [key, text, show] = PANES[at];
    [...byId("tabs").children].forEach((tab, index) => tab.setAttribute("aria-selected", String(index === at)));
    byId("pane").setAttribute("aria-labelledby", `tab-${key}`);
    byId("trouble").hidden = true;
    try {
      const place = await this.#where(query.get("unit"));
      document.title = `${place.unit.name} · ${text} · 无遗漏`;
      showBreadcrumb(byId("breadcrumb"), /** @type {any} */ (place.path), /** @type {any} */ (place.tops), (step) => this.go({ ...cleared(), unit: step.code }));
      const supervises = this.person.rights.includes("supervision.manage");
      await show(byId("pane"), { person: this.person, query, place, supervises, go: (change) => this.go(change), say: (words) => (byId("live").textContent = words) });
      if (load === this.loads) document.documentElement.dataset.shown = query.get("item") ? "form" : query.get("plan") ? "plan" : key;
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** @param {string|null} unit @returns {Promise<Whereabouts>} */
  async #where(unit) {
    if (this.place && this.place.unit.code === unit) return this.place;
    this.place = await getJson("/api/reports/units", { unit }, this.latest.start());
    return /** @type {Whereabouts} */ (this.place);
  }

  /** @param {Record<string, string|null>} change null takes away */
  go(change) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    history.pushState(null, "", `/supervision?${query}`);
    delete document.documentElement.dataset.shown;
    void this.load();
    window.scrollTo(0, 0);
  }
}

/** @returns {Record<string, null>} */
function cleared() {
  return Object.fromEntries(WITHIN.map((name) => [name, null]));
}

watchProgress();
try {
  const person = await requireSession("supervision.read");
  showAccount(byId("account"), person);
  await new SupervisionPage(person).start();
} catch (error) {
  showTrouble(error);
}
