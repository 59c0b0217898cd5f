/** Files to take away of the unit in view: the page that opens without a network, and the map on A3. */

import { address, ApiError, getFile, isAbort } from "../api.js";
import { el } from "../dom.js";
import { day } from "../format.js";

const PATIENCE_MS = 2000;
const SECOND_MS = 1000;
const KINDS = /** @type {const} */ ([
  ["html", "离线快照", "一个网页文件，没有网络也能打开"],
  ["pdf", "A3 打印图", "地图和表格，300 点每英寸"],
]);

export class Takeaway {
  /** @param {HTMLElement} panel at the end of which it stands */
  constructor(panel) {
    this.status = el("p", { class: "takeaway-status", role: "status", "aria-live": "polite" });
    this.bar = el("progress", { "aria-label": "正在生成", hidden: true });
    this.stop = el("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.work?.abort() }, "取消");
    this.buttons = KINDS.map(([kind, text, title]) =>
      el("button", { type: "button", class: "quiet", "data-takeaway": kind, title, onclick: () => void this.take(kind, text) }, text),
    );
    this.root = el("div", { id: "takeaway", hidden: true }, el("div", { class: "takeaway-row" }, ...this.buttons, this.stop), this.bar, this.status);
    /** @type {AbortController|null} */
    this.work = null;
    this.code = this.on = this.name = "";
    panel.append(this.root);
  }

  /** @param {import("../types.js").Coverage} coverage @param {string} today @param {import("../types.js").Person|null} person */
  show(coverage, today, person) {
    // A grid alone has no file, and no file shows days to come.
    const isMade = coverage.row.level !== "grid" && coverage.on <= today && Boolean(person?.rights.includes("determination.read"));
    this.root.hidden = !isMade;
    if (coverage.row.code !== this.code || coverage.on !== this.on) {
      this.work?.abort();
      this.status.textContent = "";
    }
    this.code = coverage.row.code;
    this.on = coverage.on;
    this.name = coverage.row.name;
  }

  /** @param {"html"|"pdf"} kind @param {string} text */
  async take(kind, text) {
    const work = new AbortController();
    this.work = work;
    const what = `${this.name} ${day(this.on)} ${text}`;
    const told = this.#tellTime(text);
    for (const button of this.buttons) button.disabled = true;
    try {
      const { blob, name } = await getFile(address(`/api/snapshots/${this.code}.${kind}`, { on: this.on }), work.signal);
      save(blob, name);
      this.#say(`已生成：${what}，${(blob.size / 1e6).toFixed(1)} MB`);
    } catch (error) {
      if (isAbort(error)) this.#say(`已取消：${text}`);
      else this.#say(`没有生成：${error instanceof ApiError ? error.message : String(error)}`);
    } finally {
      clearInterval(told);
      this.bar.hidden = this.stop.hidden = true;
      for (const button of this.buttons) button.disabled = false;
      if (this.work === work) this.work = null;
    }
  }

  /** @param {string} text @returns {number} the timer */
  #tellTime(text) {
    const began = performance.now();
    this.status.textContent = "";
    return window.setInterval(() => {
      const waited_ms = performance.now() - began;
      if (waited_ms < PATIENCE_MS) return;
      if (this.bar.hidden) this.#say(`正在生成${text}，较大的单元需要几十秒。`); // once: it is read aloud
      this.bar.hidden = this.stop.hidden = false;
      this.bar.title = `已用 ${Math.floor(waited_ms / SECOND_MS)} 秒`;
    }, SECOND_MS / 4);
  }

  /** @param {string} text */
  #say(text) {
    this.status.textContent = text;
  }
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60 * SECOND_MS);
}
