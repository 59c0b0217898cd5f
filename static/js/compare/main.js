/** Two days of a unit beside each other: two maps that move as one, and the figures of both. */

import { showAccount } from "../account.js";
import { ApiError, getJson, isAbort, Latest } from "../api.js";
import { Connection } from "../connection.js";
import { byId, el } from "../dom.js";
import { addDays, day } from "../format.js";
import { Epochs } from "../map/epochs.js";
import { patterns } from "../panel/bar.js";
import { showBreadcrumb } from "../panel/breadcrumb.js";
import { watchProgress } from "../progress.js";
import { requireSession, showTrouble } from "../session.js";
import { hasWebGL2 } from "../webgl.js";
import { format, parse } from "./state.js";
import { points, showChildren, showHead, showLegend, showShares } from "./tables.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./tables.js").Answer} Answer */
/** @typedef {"a"|"b"} Side */

const USUAL_DAYS = 30;
/** @type {Side[]} */
const SIDES = ["a", "b"];
const LOOKS = /** @type {const} */ ([["colours", "已查比例"], ["seen", "实际看到（放大后）"]]);

class ComparePage {
  constructor() {
    this.state = parse(location.search);
    this.latest = new Latest();
    this.connection = new Connection(() => this.load());
    this.epochs = new Epochs();
    /** @type {import("../types.js").Status|null} */
    this.status = null;
    /** @type {Record<Side, import("./daymap.js").DayMap>|null} */
    this.maps = null;
    /** The unit that the maps were last moved to. */
    this.fitted = "";
    this.pickers = { a: this.#picker("a", "左图日期"), b: this.#picker("b", "右图日期") };
    this.looks = LOOKS.map(([value, text]) => el("label", {}, el("input", { type: "radio", name: "look", value, onchange: () => this.set({ look: value }) }), text));
    byId("look").append(...this.looks);
  }

  /** @param {Side} side @param {string} label */
  #picker(side, label) {
    const input = el("input", { type: "date", required: true, "aria-label": label, onchange: () => input.value && input.validity.valid && this.set({ [side]: input.value }) });
    return input;
  }

  async start() {
    watchProgress();
    document.body.append(patterns());
    addEventListener("popstate", () => {
      this.state = parse(location.search);
      void this.load();
    });
    try {
      showAccount(byId("account"), await requireSession("coverage.read"));
    } catch (error) {
      return this.fail(error);
    }
    await this.load();
  }

  /** @param {Partial<State>} patch */
  set(patch) {
    this.state = { ...this.state, ...patch };
    const address = location.pathname + format(this.state);
    if ("unit" in patch) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    if (!("view" in patch)) void this.load();
  }

  /** Read and show what the address bar asks for. */
  async load() {
    if (this.connection.lost) return;
    document.documentElement.dataset.figures = "loading";
    try {
      const status = (this.status = await getJson("/api/status"));
      const code = this.state.unit ?? status.roots[0]?.code;
      if (!code) throw new ApiError("您的管辖范围内没有单元，无法按单元对比。请在覆盖地图上拖动日期查看。", 404);
      const days = { a: this.state.a ?? addDays(status.today, -USUAL_DAYS), b: this.state.b ?? status.today };
      const signal = this.latest.start();
      const [a, b] = await Promise.all(SIDES.map((side) => getJson(`/api/units/${encodeURIComponent(code)}/coverage`, { on: days[side] }, signal)));
      this.#show(a, b, status);
      byId("trouble").hidden = true;
      document.documentElement.dataset.figures = "shown";
      await this.#showMaps(b.unit, days, status);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Answer} a @param {Answer} b @param {import("../types.js").Status} status */
  #show(a, b, status) {
    this.connection.noteFigures();
    document.title = `${b.unit.name} · 两个日期对比 · 无遗漏`;
    byId("title").textContent = `${b.unit.name}：两个日期对比`;
    byId("told").textContent = toldOf(a, b);
    showBreadcrumb(byId("breadcrumb"), b.path, [], (step) => this.#go(step.code));
    for (const [side, answer] of /** @type {[Side, Answer][]} */ ([["a", a], ["b", b]])) {
      const picker = this.pickers[side];
      picker.max = status.today;
      picker.min = status.first_day ?? "";
      if (document.activeElement !== picker) picker.value = answer.on;
      showHead(byId(`head-${side}`), answer, picker);
    }
    for (const label of this.looks) {
      const input = /** @type {HTMLInputElement} */ (label.firstElementChild);
      input.checked = input.value === this.state.look;
    }
    showLegend(byId("legend"), this.state.look);
    showShares(byId("shares"), a, b);
    showChildren(byId("children"), a, b, (code) => this.#go(code));
  }

  /** @param {string} unit */
  #go(unit) {
    this.set({ unit, view: null });
    byId("compare").focus({ preventScroll: true });
  }

  /** @param {import("../types.js").Row} unit @param {Record<Side, string>} days @param {import("../types.js").Status} status */
  async #showMaps(unit, days, status) {
    if (!hasWebGL2()) {
      for (const side of SIDES) byId(`map-${side}`).replaceChildren(el("p", { class: "empty" }, "本机浏览器画不了地图（没有 WebGL2），下面的数据照常可用。"));
      return;
    }
    this.maps ??= await this.#makeMaps(unit);
    const { maps } = this;
    if (this.fitted !== unit.code) {
      const { view } = this.state;
      if (view) maps.a.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
      else if (this.fitted) maps.a.map.fitBounds(unit.bbox, { padding: 24, duration: 0 });
      this.fitted = unit.code;
    }
    await Promise.all(SIDES.map(async (side) => maps[side].show(days[side], await this.epochs.of(days[side], status.territory_version), this.state.look, status)));
  }

  /** @param {import("../types.js").Row} unit */
  async #makeMaps(unit) {
    const { DayMap, tie } = await import("./daymap.js");
    const made = (/** @type {Side} */ side) => new DayMap(byId(`map-${side}`), unit.bbox, (error) => this.fail(error));
    const maps = { a: made("a"), b: made("b") };
    tie(maps.a.map, maps.b.map);
    maps.a.map.on("moveend", () => {
      const { lng, lat } = maps.a.map.getCenter();
      this.set({ view: { zoom: maps.a.map.getZoom(), lat, lon: lng } });
    });
    return maps;
  }

  /** @param {unknown} error */
  fail(error) {
    if (isAbort(error)) return;
    if (error instanceof ApiError && error.offline) return this.connection.markLost();
    document.documentElement.dataset.figures = "failed";
    showTrouble(error);
  }
}

/** @param {Answer} a @param {Answer} b */
function toldOf(a, b) {
  const step = points(a.unit.covered_percent, b.unit.covered_percent);
  const words = step === "—" ? "无法比较" : step === "0" ? "持平" : `${step.startsWith("+") ? "上升" : "下降"} ${step.slice(1)} 个百分点`;
  return `${day(a.on)} 与 ${day(b.on)}：已查${words}`;
}

await new ComparePage().start();
