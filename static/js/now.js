/** The map page now: it follows changes by itself, and shows who is out. */

import { getJson } from "./api.js";
import { byId, el } from "./dom.js";
import { concerns, Live } from "./live.js";
import { session } from "./session.js";

/** @typedef {import("./types.js").News} News */

export class Now {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.chip = el("a", { id: "out-now", href: "/today", hidden: true });
    byId("stage").append(this.chip);
    this.live = new Live({
      read: (news) => this.#read(news),
      poll: () => app.poll(),
      showOut: (out) => this.#showOut(out),
    });
  }

  /** @param {number} read_at see `Live.start` */
  async start(read_at) {
    this.live.start(read_at);
    await this.#guard(() => this.#followOut());
  }

  /** @param {() => Promise<void>} work */
  async #guard(work) {
    try {
      await work();
    } catch (error) {
      this.app.fail(error);
    }
  }

  /** @param {News} news */
  async #read(news) {
    const { app } = this;
    if (app.connection.lost) return;
    if (news.kinds.includes("progress") || news.kinds.includes("everything")) await this.#guard(() => this.#followOut());
    const row = app.coverage?.row;
    const place = row?.level === "grid" ? row.parent_code : row?.code;
    if (news.kinds.some((kind) => kind === "territory" || kind === "everything")) await app.reload();
    else if (news.kinds.includes("evidence") || news.kinds.includes("review")) {
      if (concerns(news, place ?? null)) await app.reload();
      else await this.#guard(() => app.recolour());
    }
  }

  /** Points of the patrols in progress, for those who may know. */
  async #followOut() {
    const { person } = await session();
    if (!person?.rights.includes("duty.read") || !this.app.map) return;
    const { patrols } = await getJson("/api/progress");
    this.app.map.showOut(patrols);
  }

  /** @param {number|null} out */
  #showOut(out) {
    this.chip.hidden = out === null || !this.app.coverage;
    this.chip.replaceChildren(el("span", { class: "out-dot", "aria-hidden": "true" }), `正在巡查 ${out ?? 0} 人`);
  }
}
