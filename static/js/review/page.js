/** The page put together: the list, the record that is open, decisions, the keyboard. */

import { getJson, isAbort, Latest } from "../api.js";
import { byId } from "../dom.js";
import { sendJson, showTrouble } from "../session.js";
import { SeriesChart } from "./chart.js";
import { confirmDeed } from "./dialog.js";
import { markChosen, showStates } from "./list.js";
import { showPhotos } from "./photos.js";
import { Queue } from "./queue.js";
import { showRecord, showRequest } from "./record.js";
import { showVisit } from "./visit.js";
import { deedsOf, requestDeedsOf } from "./words.js";

/** @typedef {import("./types.js").Detail} Detail */
/** @typedef {import("./types.js").Decision} Decision */
/** @typedef {import("./types.js").Exclusion} Exclusion */
/** @typedef {import("./words.js").Deed} Deed */

const STEPS_BY_KEY = /** @type {Record<string, number>} */ ({ j: 1, k: -1 });

export class ReviewPage {
  /** @param {import("./map.js").RecordMap|null} map */
  constructor(map) {
    const query = new URLSearchParams(location.search);
    this.map = map;
    this.chosen = query.get("id");
    this.queue = new Queue(query, { open: (id) => void this.open(id), ask: (change) => void this.ask(change) });
    this.details = new Latest();
    this.chart = new SeriesChart((place) => this.map?.point(place));
  }

  async start() {
    byId("more").addEventListener("click", () => void this.load(true));
    document.addEventListener("keydown", (event) => this.#key(event));
    await this.load();
    if (this.chosen) await this.open(this.chosen);
    else if (isWide()) await this.#openAt(0);
  }

  /** The list for the state and filters as they are. @param {boolean} [further] the next page, after what is there */
  async load(further = false) {
    document.documentElement.dataset.review = "loading";
    showStates(this.queue.asked, (state) => void this.ask({ state, kind: "", unit: "", officer: "" }));
    try {
      await this.queue.load(this.chosen, further);
      byId("trouble").hidden = true;
      document.documentElement.dataset.review = "shown";
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** Another state, or other filters. @param {Partial<import("./list.js").Asked>} change */
  async ask(change) {
    this.queue.ask(change);
    document.documentElement.dataset.review = "loading";
    this.close();
    await this.load();
    if (isWide()) await this.#openAt(0);
    else this.#sayNothingIsOpen();
  }

  /** @param {number} index */
  async #openAt(index) {
    const { ids } = this.queue;
    if (ids.length) await this.open(ids[Math.min(index, ids.length - 1)]);
    else this.close();
  }

  /** @param {string} id of a record, or code of a request */
  async open(id) {
    this.chosen = id;
    this.#remember();
    markChosen(id);
    document.documentElement.dataset.record = "loading";
    // What is still shown is another record: nobody may decide on it believing it to be this one.
    byId("case").inert = true;
    try {
      await (this.queue.isOfRequests ? this.#showRequest(id) : this.#showRecord(id));
      byId("trouble").hidden = true;
    } catch (error) {
      if (isAbort(error)) return;
      this.close();
      showTrouble(error);
    }
  }

  /** @param {string} id */
  async #showRecord(id) {
    const detail = /** @type {Detail} */ (await getJson(`/api/review/${encodeURIComponent(id)}`, {}, this.details.start()));
    this.#reveal();
    showRecord(detail, { back: () => this.close(), open: (other) => void this.open(other), decide: (decision) => void this.#decide(detail, decision) });
    showVisit(detail.visit);
    showPhotos(detail);
    this.chart.show(detail.series, detail.item.kind === "patrol");
    byId("place").hidden = !(detail.track || detail.series || detail.area || detail.place || detail.position);
    await this.map?.show(detail);
    document.documentElement.dataset.record = id;
  }

  /** @param {string} code */
  async #showRequest(code) {
    const asked = this.queue.requests.find((each) => each.code === code);
    if (!asked) return this.close();
    this.#reveal();
    showVisit(null);
    showRequest(asked, { back: () => this.close(), decide: (decision) => void this.#decideRequest(asked, decision) });
    this.chart.show(null, false);
    byId("place").hidden = false;
    await this.map?.show({ area: asked.geometry, other: [] });
    document.documentElement.dataset.record = code;
  }

  #reveal() {
    byId("case").hidden = false;
    byId("case").inert = false;
    byId("empty").hidden = true;
    document.body.dataset.open = "";
    byId("words-of-record").scrollTop = 0;
    if (isWide()) return;
    window.scrollTo(0, 0);
    byId("record").focus({ preventScroll: true });
  }

  /** Nothing is open; on a phone the list comes back. */
  close() {
    this.details.start();
    const before = this.chosen;
    this.chosen = null;
    this.#remember();
    markChosen(null);
    delete document.body.dataset.open;
    delete document.documentElement.dataset.record;
    byId("case").hidden = true;
    byId("empty").hidden = false;
    this.#sayNothingIsOpen();
    const row = byId("list").querySelector(`[data-id="${CSS.escape(before ?? "")}"]`);
    if (row instanceof HTMLElement && !isWide()) row.focus();
  }

  #sayNothingIsOpen() {
    const isLoading = document.documentElement.dataset.review === "loading";
    byId("empty").textContent = isLoading ? "" : this.queue.total ? "请从列表中选择一条记录。" : this.queue.emptyText;
  }

  /** @param {Detail} detail @param {Decision} decision */
  async #decide({ item, steps }, decision) {
    const path = `/api/review/${item.id}/${decision}`;
    const about = `${item.officer_name}，${item.unit_name || "辖区外"}`;
    await this.#confirm(item.id, deedsOf(item.kind)[decision], about, path, { steps_seen: steps.length });
  }

  /** @param {Exclusion} asked @param {Decision} decision */
  async #decideRequest(asked, decision) {
    const path = `/api/review/exclusions/${encodeURIComponent(asked.code)}/${decision === "accept" ? "approve" : "refuse"}`;
    await this.#confirm(asked.code, requestDeedsOf(asked.effect)[decision], asked.name ?? asked.code, path, {});
  }

  /**
   * @param {string} id
   * @param {Deed} deed
   * @param {string} about
   * @param {string} path
   * @param {Record<string, unknown>} known
   */
  async #confirm(id, deed, about, path, known) {
    const outcome = await confirmDeed(deed, about, (words) => sendJson("POST", path, { words, ...known }));
    if (outcome === "left") return;
    const index = this.queue.ids.indexOf(id);
    await this.load();
    if (outcome === "late") return this.#showAnew(id, index);
    const text = `${deed.done}。${this.queue.total ? `本列表还有 ${this.queue.total} 条。` : this.queue.emptyText}`;
    byId("live").textContent = text;
    byId("count").textContent = text;
    // What was decided has left the list, and the next has taken its place; where it stays, the one after is next.
    await this.#openAt(this.queue.ids[index] === id ? index + 1 : Math.max(index, 0));
  }

  /** Somebody else was faster: what they did is in the record. @param {string} id @param {number} index */
  async #showAnew(id, index) {
    if (this.queue.isOfRequests && !this.queue.ids.includes(id)) await this.#openAt(Math.max(index, 0));
    else await this.open(id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS_BY_KEY[event.key.toLowerCase()];
    const { ids } = this.queue;
    if (!step || !ids.length) return;
    const now = this.chosen === null ? -1 : ids.indexOf(this.chosen);
    const next = now < 0 ? 0 : Math.min(Math.max(now + step, 0), ids.length - 1);
    if (next !== now) void this.#openAt(next);
  }

  /** Whoever is sent the address sees the same. */
  #remember() {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...this.queue.asked, id: this.chosen ?? "" })) {
      if (value && !(name === "state" && value === "open")) query.set(name, value);
    }
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  }
}

/** Whether list and record stand side by side. */
function isWide() {
  return matchMedia("(min-width: 901px)").matches;
}
