/**
 * Hears of changes from the service, and asks now and then where it cannot hear. A hidden page hears nothing (a browser
 * keeps few connections to one server) and is told what it missed when it is looked at again.
 */

import { address } from "./api.js";

/** @typedef {import("./types.js").News} News */

const POLL_MS = 30_000;
const SLOW_POLL_MS = 300_000;
const SILENT_MS = 60_000;
const LOOK_MS = 5_000;

export class Live {
  /**
   * @param {object} page
   * @param {(news: News) => Promise<void>} page.read read anew what the news concern; never before the last has ended
   * @param {() => Promise<void>} page.poll look whether something changed
   * @param {(out: number|null) => void} page.showOut how many are out; null: not for this person to know
   */
  constructor(page) {
    this.page = page;
    /** @type {EventSource|null} */
    this.source = null;
    /** @type {News|null} */
    this.pending = null;
    this.timer = 0;
    this.reading = false;
    /** Everything before this was heard of, or was there when the page was read. */
    this.heard_at = performance.now();
    this.read_at = -Infinity;
    this.polled_at = performance.now();
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    addEventListener("pagehide", () => this.#close());
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** Hear from now on. @param {number} read_at performance.now() before the page asked for what it shows */
  start(read_at) {
    this.heard_at = read_at;
    this.#open();
  }

  #open() {
    if (this.source || document.hidden) return;
    const age_s = ((performance.now() - this.heard_at) / 1000 + 1).toFixed(1);
    this.source = new EventSource(address("/api/live", { age_s }));
    this.source.onmessage = (event) => this.#hear(JSON.parse(event.data));
    this.source.addEventListener("beat", () => (this.heard_at = performance.now()));
    this.source.onerror = () => this.source?.readyState === EventSource.CLOSED && this.#close();
    this.opened_at = performance.now();
  }

  #close() {
    this.source?.close();
    this.source = null;
    delete document.documentElement.dataset.live;
  }

  /** @param {News} news */
  #hear(news) {
    this.heard_at = performance.now();
    document.documentElement.dataset.live = "heard";
    this.page.showOut(news.out_now);
    if (!news.kinds.length) return;
    this.pending = merged(this.pending, news);
    this.#plan(news.spread_s * 1000);
  }

  /** Not all pages at once: each waits its part of the spread, and as long again before the next. @param {number} spread_ms */
  #plan(spread_ms) {
    if (this.timer || this.reading || !this.pending) return;
    const part_ms = spread_ms > 2000 ? Math.random() * spread_ms : 0;
    const wait_ms = Math.max(part_ms, this.read_at + spread_ms - performance.now());
    this.timer = window.setTimeout(() => void this.#read(spread_ms), wait_ms);
  }

  /** @param {number} spread_ms */
  async #read(spread_ms) {
    const news = this.pending;
    this.timer = 0;
    if (!news) return;
    this.pending = null;
    this.reading = true;
    try {
      await this.page.read(news);
    } finally {
      this.reading = false;
      this.read_at = performance.now();
      this.#plan(spread_ms);
    }
  }

  #look() {
    if (document.hidden) return;
    const now = performance.now();
    const since = Math.max(this.heard_at, this.opened_at ?? 0);
    if (this.source && now - since > SILENT_MS) this.#close();
    const is_heard = this.source && document.documentElement.dataset.live;
    if (now - this.polled_at < (is_heard ? SLOW_POLL_MS : POLL_MS)) return;
    this.polled_at = now;
    this.#open();
    void this.page.poll();
  }
}

/** @param {News|null} earlier @param {News} news @returns {News} */
function merged(earlier, news) {
  if (!earlier) return news;
  const units = earlier.units && news.units ? [...new Set([...earlier.units, ...news.units])] : null;
  return { ...news, units, kinds: [...new Set([...earlier.kinds, ...news.kinds])] };
}

/** Whether the news concern a unit. @param {News} news @param {string|null} code */
export function concerns(news, code) {
  return news.units === null || code === null || news.units.includes(code);
}
