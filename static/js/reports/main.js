/** The reports page: forms, efforts, imports, exports of one unit. What is shown stands in the address bar. */

import { showAccount } from "../account.js";
import { getJson, isAbort, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { showBreadcrumb } from "../panel/breadcrumb.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { showEfforts } from "./efforts.js";
import { showExports } from "./exports.js";
import { showForms } from "./forms.js";
import { showImports } from "./imports.js";
import { showSubmissions } from "./submissions.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Whereabouts} Whereabouts */

/** @type {[key: string, text: string, right: string, show: (pane: HTMLElement, desk: Desk) => Promise<void>][]} */
const PANES = [
  ["forms", "报表", "reports.read", showForms],
  ["submissions", "报送", "reports.read", showSubmissions],
  ["efforts", "工作量", "reports.read", showEfforts],
  ["imports", "导入清单", "reports.manage", showImports],
  ["exports", "导出", "reports.read", showExports],
];

class ReportsPage {
  /** @param {import("./types.js").Person} person */
  constructor(person) {
    this.person = person;
    this.panes = PANES.filter(([, , right]) => person.rights.includes(right));
    this.latest = new Latest();
    /** @type {Whereabouts|null} */
    this.place = null;
  }

  async start() {
    addEventListener("popstate", () => void this.load());
    byId("tabs").replaceChildren(
      ...this.panes.map(([key, text]) => el("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": "pane", onclick: () => this.go({ tab: key, skip: null, submission: null, view: null }) }, text)),
    );
    await this.load();
  }

  /** Read and show what the address bar asks for. */
  async load() {
    const query = new URLSearchParams(location.search);
    const at = Math.max(0, this.panes.findIndex(([key]) => key === query.get("tab")));
    const [key, text, , show] = this.panes[at];
    [...byId("tabs").children].forEach((tab, index) => tab.setAttribute("aria-selected", String(index === at)));
    byId("pane").setAttribute("aria-labelledby", `tab-${key}`);
    byId("trouble").hidden = true;
    try {
      const place = await this.#where(query.get("unit"));
      document.title = `${place.unit.name} · ${text} · 无遗漏`;
      showBreadcrumb(byId("breadcrumb"), /** @type {any} */ (place.path), /** @type {any} */ (place.tops), (step) => this.go({ unit: step.code, skip: null, submission: null }));
      await show(byId("pane"), { person: this.person, query, place, go: (change) => this.go(change), say: (words) => (byId("live").textContent = words) });
      document.documentElement.dataset.shown = key;
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
    history.pushState(null, "", `/reports?${query}`);
    delete document.documentElement.dataset.shown;
    void this.load();
  }
}

watchProgress();
try {
  const person = await requireSession("reports.read");
  showAccount(byId("account"), person);
  await new ReportsPage(person).start();
} catch (error) {
  showTrouble(error);
}
