/** The page put together: the verdict and its kinds, where they are, and the signature. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { whole } from "../format.js";
import { field } from "../office.js";
import { showTrouble } from "../session.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { showAbove, showBelow, showPolicy, showRisk } from "./below.js";
import { requestException, showExceptions } from "./exceptions.js";
import { showKinds, showVerdict } from "./kinds.js";
import { setPolicy } from "./policy.js";
import { reveal, showRows } from "./rows.js";
import { askDelegations, sendBack, showSigning } from "./signing.js";
import { fromAddress, params, toAddress } from "./state.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").Asked} Asked */

const PAGE = 50;

export class DeterminationPage {
  /** @param {import("../types.js").Person} person @param {string} home code of the unit to begin with, "" for none */
  constructor(person, home) {
    this.person = person;
    this.home = home;
    /** @type {Asked} */
    this.asked = fromAddress();
    /** @type {Told|null} */
    this.told = null;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {import("./map.js").OmissionsMap|null} */
    this.map = null;
    this.tells = new Latest();
    this.lists = new Latest();
    this.today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
    this.picker = new UnitPicker("区划", "选择区划", (unit) => unit && void this.ask({ unit: unit.code }));
    this.day = el("input", { type: "date", "aria-label": "截止日期", max: this.today, onchange: () => void this.ask({ first_day: "", last_day: this.day.value }) });
  }

  /** @param {import("./map.js").OmissionsMap|null} map */
  async start(map) {
    this.map = map;
    byId("asked").replaceChildren(field("区划", this.picker.box), field("截止日期", this.day));
    byId("more").addEventListener("click", () => void this.list(true));
    window.addEventListener("popstate", () => {
      this.asked = fromAddress();
      void this.load();
    });
    if (!this.#unit()) {
      byId("verdict").textContent = "您的管辖范围内没有单位。请联系系统管理员。";
      return;
    }
    await this.load();
  }

  #unit() {
    return this.asked.unit || this.home;
  }

  /** @returns {Record<string, string|null>} */
  #params() {
    return { ...params(this.asked), unit: this.#unit() };
  }

  /** @param {Partial<Asked>} change */
  async ask(change) {
    const moved = change.unit !== undefined && change.unit !== this.#unit();
    this.asked = { ...this.asked, ...change, ...(moved ? { kind: "" } : {}) };
    toAddress(this.asked, true);
    await this.load();
    if (moved) byId("panel").scrollTop = 0;
  }

  /** Everything anew. */
  async load() {
    document.documentElement.dataset.determination = "loading";
    const { kind: _kind, ...period } = this.#params();
    try {
      const signal = this.tells.start();
      const told = /** @type {Told} */ (await getJson("/api/determination", period, signal));
      const [signing, delegations, exceptions] = await Promise.all([
        getJson("/api/determination/signing", period, signal),
        askDelegations(told.unit.code),
        getJson("/api/determination/exceptions", { unit: told.unit.code, state: "requested", limit: 100 }, signal),
      ]);
      this.told = told;
      this.#show(told, signing, delegations, exceptions.items);
      byId("trouble").hidden = true;
      await this.list();
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** @param {Told} told @param {import("./types.js").Signing} signing @param {import("./signing.js").Delegations} delegations @param {import("./types.js").Exception[]} waiting */
  #show(told, signing, delegations, waiting) {
    const again = async () => {
      await this.load();
      byId("live").textContent = "已办理。";
    };
    const go = (/** @type {string} */ unit) => void this.ask({ unit });
    this.picker.show(told.unit);
    this.day.value = told.last_day;
    document.title = `${told.unit.name}无遗漏认定 · 无遗漏`;
    showAbove(told, go);
    showVerdict(told, signing.attestation?.state === "valid");
    showKinds(told, this.asked.kind, (kind) => void this.choose(kind));
    showSigning(told, signing, delegations, again);
    showBelow(told, signing, go, (attestation) => sendBack(attestation, again));
    const maySet = this.person.rights.includes("policy.set") && (told.above.length > 0 || this.person.is_everything);
    showPolicy(told, maySet, () => setPolicy(told, this.today, again));
    showRisk(told);
    showExceptions(waiting, told.exceptions, again);
  }

  /** Another kind: only the list and the map change. @param {string} kind */
  async choose(kind) {
    this.asked = { ...this.asked, kind };
    toAddress(this.asked, true);
    if (this.told) showKinds(this.told, kind, (other) => void this.choose(other));
    byId("kinds").querySelector(/** @type {"button"} */ (`[data-kind="${CSS.escape(kind)}"]`))?.focus();
    await this.list();
    if (matchMedia("(max-width: 900px)").matches) byId("rows-title").scrollIntoView();
  }

  /** @param {boolean} [further] the next page, after what is there */
  async list(further = false) {
    document.documentElement.dataset.determination = "loading";
    try {
      const skip = further ? this.rows.length : 0;
      const signal = this.lists.start();
      const asked = this.#params();
      const page = /** @type {{total: number, items: Row[]}} */ (await getJson("/api/determination/omissions", { ...asked, limit: PAGE, skip }, signal));
      this.rows = further ? [...this.rows, ...page.items] : page.items;
      const rights = this.person.rights;
      showRows(this.rows, {
        mayExcept: rights.includes("exceptions.request") && this.told?.last_day === this.today,
        mayDispatch: rights.includes("orders.manage"),
        except: (row) => requestException(row, this.#unit(), this.today, () => this.load()),
        locate: (row) => this.#locate(row),
      });
      this.#count(page.total);
      if (!further) await this.#places(asked, signal);
      document.documentElement.dataset.determination = "shown";
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** @param {number} total */
  #count(total) {
    const shown = this.rows.length;
    const chosen = this.told?.counts.find(({ kind }) => kind === this.asked.kind);
    byId("rows-title").textContent = chosen ? chosen.text : "全部遗漏";
    byId("count").textContent = total ? `共 ${whole(total)} 项${shown < total ? `，已显示 ${whole(shown)} 项` : ""}` : "没有遗漏。";
    byId("more").hidden = shown >= total;
  }

  /** @param {Record<string, string|null>} asked @param {AbortSignal} signal */
  async #places(asked, signal) {
    const places = await getJson("/api/determination/places", asked, signal);
    const notes = [];
    if (places.cut) notes.push(`共 ${whole(places.total)} 项，图上只画出前 ${whole(places.features.length)} 处，请选择种类或下级单位。`);
    if (places.without_place) notes.push(`${places.without_place} 项没有位置，不在图上。`);
    byId("map-note").textContent = notes.join("");
    byId("map-note").hidden = !notes.length;
    await this.map?.show(places, true);
  }

  /** @param {Row} row */
  #locate(row) {
    if (row.lon === null || row.lat === null) return;
    void this.map?.choose(row.lon, row.lat);
    reveal(row.subject, row.kind);
    if (matchMedia("(max-width: 900px)").matches) byId("stage").scrollIntoView();
  }

  /** A point of the map was chosen. @param {string} subject @param {string} kind */
  reveal(subject, kind) {
    if (reveal(subject, kind)) return;
    void this.choose(kind).then(() => reveal(subject, kind));
  }
}
