/** The overview of a unit. The address bar holds the unit; the page follows changes by itself, on a wall for weeks. */

import { showAccount } from "../account.js";
import { ApiError, getJson, isAbort, Latest } from "../api.js";
import { Connection } from "../connection.js";
import { byId } from "../dom.js";
import { day } from "../format.js";
import { concerns, Live } from "../live.js";
import { patterns } from "../panel/bar.js";
import { showBreadcrumb } from "../panel/breadcrumb.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { showCards } from "./cards.js";
import { showHeadline } from "./headline.js";
import { showSpots } from "./spots.js";
import { Trend } from "./trend.js";
import { showUnits } from "./units.js";

/** @typedef {import("./types.js").Overview} Overview */

const KINDS = ["evidence", "review", "territory", "everything"];
/** Phones report where they are all the time; how many are out is read anew no more often than this. */
const PROGRESS_MS = 60_000;

class OverviewPage {
  constructor() {
    this.latest = new Latest();
    this.connection = new Connection(() => this.load());
    this.trend = new Trend(byId("trend-chart"));
    /** @type {Overview|null} */
    this.shown = null;
    this.read_at = -Infinity;
    this.live = new Live({
      read: async (news) => {
        const isWanted = news.kinds.some((kind) => KINDS.includes(kind)) || performance.now() - this.read_at > PROGRESS_MS;
        if (isWanted && concerns(news, this.shown?.unit.code ?? null)) await this.load();
      },
      poll: () => this.load(),
      showOut: () => {},
    });
  }

  async start() {
    watchProgress();
    document.body.append(patterns());
    addEventListener("popstate", () => void this.load());
    try {
      showAccount(byId("account"), await requireSession("determination.read"));
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
    this.read_at = performance.now();
    try {
      const unit = new URLSearchParams(location.search).get("unit");
      this.show(await getJson("/api/overview", { unit }, this.latest.start()));
      byId("trouble").hidden = true;
      document.documentElement.dataset.figures = "shown";
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Overview} overview */
  show(overview) {
    this.shown = overview;
    this.connection.noteFigures();
    const { unit } = overview;
    document.title = `${unit.name} · 总览 · 无遗漏`;
    byId("as-of").textContent = `${day(overview.on)} ${clock(overview.at)}，自动更新`;
    showBreadcrumb(byId("breadcrumb"), overview.path, [], (step) => this.go(step.code));
    showHeadline(byId("headline"), overview);
    showUnits(overview, (code) => this.go(code));
    this.trend.show(overview);
    showSpots(overview);
    showCards(byId("cards"), overview);
  }

  /** @param {string} unit */
  go(unit) {
    history.pushState(null, "", `/overview?unit=${encodeURIComponent(unit)}`);
    byId("overview").focus({ preventScroll: true });
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

await new OverviewPage().start();
