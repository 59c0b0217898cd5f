/** Server gone: say so, keep the last figures and mark them as old, and try again until it is back. */

import { byId } from "./dom.js";
import { getJson } from "./api.js";

const PROBE_MS = [1000, 2000, 3000, 5000];

export class Connection {
  /** @param {() => Promise<void>} restored called when the server answers again */
  constructor(restored) {
    this.restored = restored;
    this.lost = false;
    this.figures_at = "";
  }

  /** Remember when the figures on the page were right. */
  noteFigures() {
    this.figures_at = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  /** The server could not be reached: show the banner and start to probe (once). */
  markLost() {
    if (this.lost) return;
    this.lost = true;
    document.documentElement.dataset.connection = "lost";
    const old = this.figures_at ? `以下仍是 ${this.figures_at} 的数据。` : "";
    byId("banner").textContent = `与服务器失去连接，正在重试。${old}`;
    byId("banner").hidden = false;
    this.#probe(0);
  }

  /** @param {number} attempt */
  #probe(attempt) {
    setTimeout(async () => {
      try {
        await getJson("/healthz");
        await this.#found();
      } catch {
        this.#probe(attempt + 1);
      }
    }, PROBE_MS[Math.min(attempt, PROBE_MS.length - 1)]);
  }

  async #found() {
    this.lost = false;
    delete document.documentElement.dataset.connection;
    byId("banner").hidden = true;
    await this.restored();
  }
}
