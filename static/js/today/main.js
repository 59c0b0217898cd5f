/** The page of a unit's day. The address bar holds the unit; the page follows changes by itself. */

import { showAccount } from "../account.js";
import { ApiError, getJson, isAbort, Latest } from "../api.js";
import { Connection } from "../connection.js";
import { byId } from "../dom.js";
import { day as date } from "../format.js";
import { concerns, Live } from "../live.js";
import { showBreadcrumb } from "../panel/breadcrumb.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { showFigures } from "./figures.js";
import { Grids } from "./grids.js";
import { People } from "./people.js";
import { showUnits } from "./units.js";

/** @typedef {import("./types.js").Today} Today */

const KINDS = ["evidence", "review", "progress", "territory", "everything"];

class TodayPage {
  constructor() {
    this.latest = new Latest();
    this.connection = new Connection(() => this.load());
    this.people = new People(byId("people-choice"), byId("people"));
    this.grids = new Grids(byId("grids-choice"), byId("grids"));
    /** @type {Today|null} */
    this.day = null;
    this.live = new Live({
      read: async (news) => {
        const code = this.day?.unit.code ?? null;
        if (news.kinds.some((kind) => KINDS.includes(kind)) && concerns(news, code)) await this.load();
      },
      poll: () => this.load(),
      showOut: () => {},
    });
  }

  async start() {
    watchProgress();
    addEventListener("popstate", () => void this.load());
    try {
      showAccount(byId("account"), await requireSession("duty.read"));
    } catch (error) {
      return this.fail(error);
    }
    const read_at = performance.now();
    await this.load();
    this.live.start(read_at);
  }

  /** Read and show the unit in the address bar. */
  async load() {
    if (this.connection.lost) return;
    try {
      const unit = new URLSearchParams(location.search).get("unit");
      this.show(await getJson("/api/today", { unit }, this.latest.start()));
      byId("trouble").hidden = true;
      document.documentElement.dataset.figures = "shown";
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Today} day */
  show(day) {
    const isNew = day.unit.code !== this.day?.unit.code;
    this.day = day;
    this.connection.noteFigures();
    document.title = `${day.unit.name} · 今日在岗 · 无遗漏`;
    byId("title").textContent = `${day.unit.name} 今日在岗`;
    byId("as-of").textContent = `${date(day.on)}，截至 ${clock(day.at)}，自动更新`;
    showBreadcrumb(byId("breadcrumb"), /** @type {any} */ (day.path), [], (step) => this.go(step.code));
    showFigures(byId("figures"), day);
    showUnits(byId("units"), day, (code) => this.go(code));
    this.people.show(day, isNew);
    this.grids.show(day, isNew);
  }

  /** @param {string} unit */
  go(unit) {
    history.pushState(null, "", `/today?unit=${encodeURIComponent(unit)}`);
    byId("day").focus({ preventScroll: true });
    scrollTo(0, 0);
    void this.load();
  }

  /** @param {unknown} error */
  fail(error) {
    if (isAbort(error)) return;
    if (error instanceof ApiError && error.offline) return this.connection.markLost();
    document.documentElement.dataset.figures = "failed";
    showTrouble(error);
  }
}

/** @param {string} iso instant */
function clock(iso) {
  return new Date(iso).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

await new TodayPage().start();
