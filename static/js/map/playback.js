/**
 * The last ninety days as a film on the map. While it runs only the map changes; whoever pauses it is on that day with
 * all of the page. A day is shown when all of it is there: a slow server makes a slow film, never a wrong one.
 */

import { getJson, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { addDays, day, daysBetween, percent } from "../format.js";
import { Frames } from "./frames.js";
import { Reel } from "./reel.js";
import { SWITCHED } from "./style.js";

const DAYS = 90;
const AHEAD = 5;
const SPEEDS = [1, 2, 4, 8];
const USUAL_SPEED = 4;
/** What is of one day only and would be wrong on all others. */
const HIDDEN = [...(SWITCHED.spots ?? []), ...(SWITCHED.tracks ?? []), "freshness"];

export class Playback {
  /** @param {import("./view.js").VectorMap} view @param {import("../app.js").App} app */
  constructor(view, app) {
    this.view = view;
    this.app = app;
    this.frames = new Frames(view.map);
    this.reel = new Reel(view.map);
    this.isRunning = false;
    this.run = 0;
    /** @type {string[]} */
    this.days = [];
    this.index = 0;
    this.latest = new Latest();
    /** What the film tells by day of the unit in view. @type {Map<string, string>} */
    this.trend = new Map();
    this.toggle = el("button", { type: "button", id: "play-toggle", onclick: () => this.#toggle() });
    this.slider = el("input", { type: "range", id: "play-day", min: 0, step: 1, "aria-label": "回放日期", oninput: () => this.#seek(Number(this.slider.value)) });
    this.date = el("output", { id: "play-date", for: "play-day" });
    this.covered = el("span", { id: "play-covered" });
    this.speed = el("select", { id: "play-speed", "aria-label": "速度" }, ...SPEEDS.map((speed) => el("option", { value: speed, selected: speed === USUAL_SPEED }, `每秒 ${speed} 天`)));
    const close = el("button", { type: "button", id: "play-close", "aria-label": "关闭回放", onclick: () => this.close() }, "×");
    this.bar = el("div", { id: "playback", role: "group", "aria-label": "回放近 90 天", hidden: true }, this.toggle, el("span", { class: "play-told" }, this.date, this.covered), this.slider, this.speed, close);
    this.bar.addEventListener("keydown", (event) => this.#key(event));
    byId("stage").append(this.bar);
    app.store.listen((state, changed) => this.#changed(changed));
  }

  /** @param {boolean} run begin at once */
  open(run) {
    const { status } = this.app;
    if (!status) return;
    const earliest = addDays(status.today, 1 - DAYS);
    const first = status.first_day && status.first_day > earliest ? status.first_day : earliest;
    const count = daysBetween(first, status.today) + 1;
    this.days = Array.from({ length: count }, (_, index) => addDays(first, index));
    this.slider.max = String(count - 1);
    this.bar.hidden = false;
    const at = this.days.indexOf(this.app.store.state.on ?? "");
    this.#mark(at >= 0 ? at : 0);
    this.#label();
    this.#forgetTrend();
    this.toggle.focus({ preventScroll: true });
    if (run && count > 1) this.#start();
    else void this.#loadTrend();
  }

  close() {
    this.#pause();
    this.bar.hidden = true;
    document.getElementById("play-open")?.focus({ preventScroll: true });
  }

  #toggle() {
    if (this.isRunning) this.#pause();
    else this.#start();
  }

  #start() {
    const { status } = this.app;
    if (!status) return;
    if (this.index >= this.days.length - 1) this.#mark(0);
    const { cycle, layers } = this.app.store.state;
    this.isRunning = true;
    document.documentElement.dataset.playing = "true";
    for (const id of HIDDEN) this.view.map.setLayoutProperty(id, "visibility", "none");
    this.frames.begin([cycle, status.change_number, status.territory_version, status.today].join());
    this.reel.begin(layers.includes("freshness"));
    this.#label();
    if (!this.trend.size) void this.#loadTrend();
    void this.#play(++this.run);
  }

  /** Stop, and let the whole page show the day that the film stands at. */
  #pause() {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.run += 1;
    delete document.documentElement.dataset.playing;
    this.frames.end();
    this.reel.end();
    this.view.colours.forget();
    this.#label();
    this.#tellPage();
    byId("live").textContent = `回放停在 ${day(this.days[this.index])}`;
  }

  #tellPage() {
    const { app } = this;
    const on = this.#asState();
    if (on !== app.store.state.on) return app.store.set({ on });
    if (app.coverage && app.status) this.view.show(app.coverage, app.status);
  }

  /** The day the film stands at as the page's state has it: today is no day of its own. */
  #asState() {
    const on = this.days[this.index];
    return on === this.app.status?.today ? null : on;
  }

  /** @param {number} run which run this is: an older one ends by itself */
  async #play(run) {
    try {
      for (let next = this.index; run === this.run; next = this.index + 1) {
        if (next >= this.days.length) return this.#pause();
        const began = performance.now();
        await this.#show(next, run);
        const left_ms = 1000 / Number(this.speed.value) - (performance.now() - began);
        if (left_ms > 0) await new Promise((done) => setTimeout(done, left_ms));
      }
    } catch (error) {
      if (run !== this.run) return;
      this.#pause();
      this.app.fail(error);
    }
  }

  /** @param {number} index @param {number} run */
  async #show(index, run) {
    const on = this.days[index];
    const { cycle } = this.app.store.state;
    const ahead = this.days.slice(index + 1, index + 1 + AHEAD);
    const shown = this.days[Math.max(index - 1, 0)];
    const [frame] = await Promise.all([this.frames.of(on, cycle), this.reel.show(on, cycle, [shown, on])]);
    if (run !== this.run || !this.app.status) return;
    await this.view.showGround(on, this.app.status);
    if (run !== this.run) return;
    for (const [level, { codes, covered }] of frame) codes.forEach((code, at) => this.#paint(level, code, covered[at]));
    this.#mark(index);
    // One after the other: days that are wanted later do not hold up those that are wanted first.
    void ahead.reduce((before, later) => before.then(() => (run === this.run ? this.frames.of(later, cycle) : null)), Promise.resolve(/** @type {any} */ (null))).catch(() => null);
    for (const later of ahead.slice(0, 2)) this.reel.load(later, cycle, [on, ...ahead.slice(0, 2)]);
  }

  /** The name under the mouse tells the figure of the day that is shown. @param {import("../types.js").Level} level @param {string} code @param {number|null} covered */
  #paint(level, code, covered) {
    const { colours } = this.view;
    colours.paint(level, code, covered);
    const known = colours.values.get(code);
    if (known) known.covered = covered;
  }

  /** How much of the unit in view was covered on each day; of a single grid, or by another cycle, nothing is told. */
  async #loadTrend() {
    const { row, cycle_days } = this.app.coverage ?? {};
    if (!row || row.level === "grid" || cycle_days !== null) return;
    try {
      const points = /** @type {import("../overview/types.js").TrendPoint[]} */ (await getJson(`/api/units/${encodeURIComponent(row.code)}/trend`, {}, this.latest.start()));
      this.trend = new Map(points.map(({ on, covered_percent: covered }) => [on, covered === null ? "" : `${row.name} 已查 ${percent(covered, covered)}`]));
      this.#mark(this.index);
    } catch (error) {
      this.app.fail(error);
    }
  }

  /** @param {number} index */
  #mark(index) {
    this.index = index;
    this.covered.textContent = this.trend.get(this.days[index]) ?? "";
    this.slider.value = String(index);
    const text = day(this.days[index]);
    this.date.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    this.bar.dataset.on = this.days[index];
  }

  #label() {
    this.toggle.textContent = this.isRunning ? "❚❚ 暂停" : "▶ 播放";
    this.toggle.setAttribute("aria-pressed", String(this.isRunning));
  }

  /** Go to a day by hand. @param {number} index */
  #seek(index) {
    const at = Math.min(Math.max(index, 0), this.days.length - 1);
    if (this.isRunning) this.#pause();
    this.#mark(at);
    this.#tellPage();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isOn = (/** @type {Element} */ element) => event.target === element;
    if (event.key === "Escape") this.close();
    else if (event.key === " " && !isOn(this.toggle) && !isOn(this.speed)) this.#toggle();
    else if (event.key === "ArrowLeft" && isOn(this.toggle)) this.#seek(this.index - 1);
    else if (event.key === "ArrowRight" && isOn(this.toggle)) this.#seek(this.index + 1);
    else return;
    if (event.key === " ") event.preventDefault();
  }

  /** Whoever goes elsewhere, or moves the page's own sliders, has left the film. @param {Set<string>} changed */
  #changed(changed) {
    if (this.bar.hidden) return;
    if (this.isRunning && ["unit", "grid", "cycle", "on", "layers"].some((key) => changed.has(key))) this.#stopFor(changed);
    const at = this.days.indexOf(this.app.store.state.on ?? this.app.status?.today ?? "");
    if (changed.has("on") && at >= 0) this.#mark(at);
    if (["unit", "grid", "cycle"].some((key) => changed.has(key))) this.#forgetTrend();
  }

  /** Of another place; its own is read when the film runs again. */
  #forgetTrend() {
    this.trend = new Map();
    this.covered.textContent = "";
  }

  /** @param {Set<string>} changed */
  #stopFor(changed) {
    if (changed.has("on")) {
      this.isRunning = false;
      this.run += 1;
      delete document.documentElement.dataset.playing;
      this.frames.end();
      this.reel.end();
      this.view.colours.forget();
      this.#label();
    } else this.#pause();
  }
}
