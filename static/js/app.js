/** The page put together: state in, figures and lists out. Both the vector map and the simple one plug into it. */

import { showAccount } from "./account.js";
import { ApiError, getJson, isAbort, Latest } from "./api.js";
import { Connection } from "./connection.js";
import { byId, debounced, el } from "./dom.js";
import { showBreadcrumb } from "./panel/breadcrumb.js";
import { patterns } from "./panel/bar.js";
import { Card } from "./panel/card.js";
import { showDefects } from "./panel/defects.js";
import { showEmpty } from "./panel/empty.js";
import { showHeadline } from "./panel/headline.js";
import { Search } from "./panel/search.js";
import { Sliders } from "./panel/sliders.js";
import { samePlace, showSpotList } from "./panel/spots.js";
import { ChildrenTable } from "./panel/table.js";
import { selectTab, wireTabs } from "./panel/tabs.js";
import { Takeaway } from "./panel/takeaway.js";
import { watchProgress } from "./progress.js";
import { requireSession } from "./session.js";
import { Store } from "./state.js";
import { figuresOf, spotsOf, startOf } from "./load.js";
import { bboxOf } from "./geometry.js";
import { Now } from "./now.js";
import { percent } from "./format.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Status} Status */
/** @typedef {import("./types.js").Coverage} Coverage */
/** @typedef {import("./types.js").MapView} MapView */
/** @typedef {import("./types.js").Spot} Spot */

const SLIDER_WAIT_MS = 120;

export class App {
  constructor() {
    this.store = new Store();
    /** What the map was to show when the page was opened: it has moved by itself before the first figures come. */
    this.openedAt = this.store.state.view;
    this.connection = new Connection(() => this.reload());
    this.figures = new Latest();
    this.lists = new Latest();
    /** @type {Status|null} */
    this.status = null;
    /** @type {Coverage|null} */
    this.coverage = null;
    /** @type {import("./types.js").Spots|null} */
    this.spots = null;
    /** @type {import("./types.js").Person|null} */
    this.person = null;
    /** @type {MapView|null} */
    this.map = null;
    this.table = new ChildrenTable(byId("children"), (row) => this.go(row));
    this.sliders = new Sliders(byId("sliders"), (patch) => this.store.set(patch));
    this.card = new Card(byId("card"), this);
    this.takeaway = new Takeaway(byId("panel"));
    this.reloadSoon = debounced(SLIDER_WAIT_MS, () => void this.load());
  }

  /**
   * @param {(app: App) => MapView|null} makeMap called once territory is there
   */
  async start(makeMap) {
    this.makeMap = makeMap;
    document.body.append(patterns());
    watchProgress();
    wireTabs(byId("tabs"));
    new Search(byId("search"), (found) => this.go(found), (error) => this.fail(error));
    byId("print").addEventListener("click", () => window.print());
    this.store.listen((state, changed, travelled) => this.#changed(state, changed, travelled));
    await this.#meet();
    const read_at = performance.now();
    await this.reload();
    await new Now(this).start(read_at);
  }

  /** Who is at the page; nobody is sent to sign in. */
  async #meet() {
    try {
      this.person = await requireSession("coverage.read");
      showAccount(byId("account"), this.person);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Status first, then everything that hangs on it. */
  async reload() {
    try {
      this.status = /** @type {Status} */ (await getJson("/api/status"));
    } catch (error) {
      return this.fail(error);
    }
    const isEmpty = startOf(this.status) === null;
    document.body.dataset.empty = String(isEmpty);
    if (isEmpty) return showEmpty(byId("headline"), this.status);
    if (!this.map && this.makeMap) this.map = this.makeMap(this);
    await this.load();
  }

  /** Only the map: something changed elsewhere than in the place in view. Throws ApiError. */
  async recolour() {
    this.status = /** @type {Status} */ (await getJson("/api/status"));
    if (this.coverage) this.map?.show(this.coverage, this.status);
  }

  /** Figures, table, lists and map for the state as it is. */
  async load() {
    const { status } = this;
    if (!status) return;
    const { state } = this.store;
    document.documentElement.dataset.figures = "loading";
    try {
      const coverage = await figuresOf(state, status, this.figures.start());
      this.#showFigures(coverage, status);
      this.map?.show(coverage, status);
      await this.#loadLists(coverage);
      byId("trouble").hidden = true;
      document.documentElement.dataset.figures = "shown";
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Coverage} coverage @param {Status} status */
  #showFigures(coverage, status) {
    const { state } = this.store;
    const isNewPlace = coverage.row.code !== this.coverage?.row.code;
    const wasShown = this.coverage !== null;
    this.coverage = coverage;
    this.connection.noteFigures();
    showBreadcrumb(byId("breadcrumb"), coverage.path, [...status.roots, ...status.single_grids], (step) => this.go(step));
    showHeadline(byId("headline"), coverage, status);
    this.sliders.show(state, status);
    this.table.show(coverage.children, status.today);
    this.takeaway.show(coverage, status.today, this.person);
    document.title = `${coverage.row.name} · 无遗漏`;
    byId("generated").hidden = !coverage.row.generated && !status.generated;
    if (!isNewPlace) return;
    // What was pressed to come here is gone from the page: go on from the new figures, not from the top.
    if (wasShown && document.activeElement === document.body) byId("panel").focus({ preventScroll: true });
    selectTab(coverage.children.length ? "tab-children" : "tab-spots");
    const { row } = coverage;
    byId("live").textContent = `${row.name}，已查 ${percent(row.covered_percent, row.shares.tracked.area_m2)}`;
    if (wasShown ? state.view : this.openedAt) return;
    const at = state.spot ?? state.point;
    if (!at) this.map?.fit(row.bbox);
    else if (!wasShown) this.map?.fit(around(at), true);
  }

  /** @param {Coverage} coverage */
  async #loadLists(coverage) {
    const { state } = this.store;
    const signal = this.lists.start();
    // Who reads single grids has no unit to ask for: all of their scope, then.
    const unit = coverage.path.filter((step) => step.level !== "grid").at(-1)?.code ?? null;
    const [spots, defects] = await Promise.all([
      spotsOf(state, coverage.row, signal),
      getJson("/api/defects", { unit }, signal),
    ]);
    this.spots = spots;
    showSpotList(byId("spots"), spots, state.spot, (spot) => this.chooseSpot(spot));
    showDefects(byId("defects"), defects, (defect) => {
      if (defect.geometry) this.map?.fit(bboxOf(defect.geometry));
      byId("stage").scrollIntoView({ block: "nearest" });
    });
    this.map?.showSpots(spots);
    await this.card.show(state);
  }

  /** Go to a unit or grid. @param {{code: string, level: string, bbox?: import("./types.js").Bbox}} step */
  go(step) {
    const isGrid = step.level === "grid";
    this.store.set({ unit: isGrid ? this.store.state.unit : step.code, grid: isGrid ? step.code : null, spot: null, point: null, view: null });
    if (step.code === this.coverage?.row.code) this.map?.fit(this.coverage.row.bbox);
  }

  /** @param {Spot} spot */
  chooseSpot(spot) {
    this.store.set({ spot: spot.properties.walk_to, point: null });
    this.map?.fit(bboxOf(spot.geometry), true);
    byId("stage").scrollIntoView({ block: "nearest" });
  }

  /** Who looked here last? @param {number} lon @param {number} lat */
  askPoint(lon, lat) {
    this.store.set({ point: [lon, lat], spot: null });
  }

  /** @param {State} state @param {Set<string>} changed @param {boolean} travelled */
  #changed(state, changed, travelled) {
    if (travelled && changed.has("view") && state.view) this.map?.jump(state.view);
    if (["unit", "grid", "cycle", "on"].some((key) => changed.has(key))) {
      document.documentElement.dataset.figures = "loading";
      this.reloadSoon();
    }
    if (this.coverage && this.status && changed.has("layers")) this.map?.show(this.coverage, this.status);
    if (changed.has("spot") || changed.has("point")) void this.#showChoice(state);
  }

  /** @param {State} state */
  async #showChoice(state) {
    this.map?.showChoice(state);
    for (const button of document.querySelectorAll(".spot[data-walk-to]")) {
      const [lon, lat] = (/** @type {HTMLElement} */ (button).dataset.walkTo ?? "").split(",").map(Number);
      button.setAttribute("aria-pressed", String(samePlace([lon, lat], state.spot)));
    }
    try {
      await this.card.show(state);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Look whether something changed that nobody told of, such as the day. */
  async poll() {
    if (document.hidden || this.connection.lost) return;
    try {
      const now = /** @type {Status} */ (await getJson("/api/status"));
      const before = this.status;
      const same = before && ["change_number", "territory_version", "today", "units", "grids", "patrols"].every(
        (key) => /** @type {any} */ (now)[key] === /** @type {any} */ (before)[key],
      );
      if (!same) await this.reload();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Something on the map got no answer: find out whether the server is gone. */
  async probe() {
    if (this.connection.lost) return;
    try {
      await getJson("/healthz");
    } catch (error) {
      this.fail(error);
    }
  }

  /** Every failure ends here: on the banner when the server is gone, else above the figures. @param {unknown} error */
  fail(error) {
    if (isAbort(error)) return;
    if (error instanceof ApiError && error.offline) return this.connection.markLost();
    const text = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
    const start = this.status && startOf(this.status);
    const back = () => start && this.go(start);
    byId("trouble").replaceChildren(text, " ", el("button", { type: "button", class: "link", onclick: back }, "回到首页"));
    byId("trouble").hidden = false;
    document.documentElement.dataset.figures = "failed";
    if (!(error instanceof ApiError)) console.error(error);
  }
}

/** Some 500 m around a place. @param {[number, number]} at @returns {import("./types.js").Bbox} */
function around([lon, lat]) {
  return [lon - 0.004, lat - 0.003, lon + 0.004, lat + 0.003];
}
