/** Two sliders: how long a look stays valid, and the day asked about. */

import { address } from "../api.js";
import { el } from "../dom.js";
import { addDays, day, daysBetween } from "../format.js";
import { MAX_CYCLE_DAYS } from "../state.js";

/** @typedef {import("../types.js").Status} Status */
/** @typedef {import("../types.js").State} State */

const USUAL_CYCLE_DAYS = 15;

export class Sliders {
  /**
   * @param {HTMLElement} place
   * @param {(patch: Partial<State>) => void} change
   */
  constructor(place, change) {
    this.change = change;
    this.own = el("input", { type: "checkbox", id: "cycle-own", onchange: () => this.#cycle() });
    this.cycle = el("input", {
      type: "range", id: "cycle", min: 1, max: MAX_CYCLE_DAYS, value: USUAL_CYCLE_DAYS, oninput: () => this.#cycleMoved(),
    });
    this.cycleText = el("output", { for: "cycle" });
    this.date = el("input", { type: "range", id: "date", min: 0, max: 0, value: 0, oninput: () => this.#date() });
    this.dateText = el("output", { for: "date" });
    this.first = el("span", {});
    this.play = el("button", { type: "button", class: "play-open", id: "play-open", hidden: true }, "▶ 回放");
    this.compare = el("a", { class: "play-open", id: "compare-open", hidden: true }, "对比");
    /** @type {Status|null} */
    this.status = null;
    place.replaceChildren(
      el(
        "div",
        { class: "slider" },
        el("div", { class: "slider-head" }, el("label", { for: "cycle" }, "周期"), this.cycleText),
        this.cycle,
        el("div", { class: "slider-foot" }, el("label", { class: "check" }, this.own, "各网格自身周期"), el("span", {}, `1 – ${MAX_CYCLE_DAYS} 天`)),
      ),
      el(
        "div",
        { class: "slider" },
        el("div", { class: "slider-head" }, el("label", { for: "date" }, "日期"), this.play, this.compare, this.dateText),
        this.date,
        el("div", { class: "slider-foot" }, this.first, el("span", {}, "今天")),
      ),
    );
  }

  /** Only a map that can play back the days offers it. @param {() => void} open */
  offerPlay(open) {
    this.play.hidden = false;
    this.play.addEventListener("click", open);
  }

  /** @param {State} state @param {Status} status */
  show(state, status) {
    this.status = status;
    this.own.checked = state.cycle === null;
    if (state.cycle !== null) this.cycle.value = String(state.cycle);
    this.#cycleLabel();
    const first = status.first_day ?? status.today;
    const span = Math.max(daysBetween(first, status.today), 0);
    this.date.max = String(span);
    this.date.disabled = span === 0;
    this.date.value = String(state.on ? daysBetween(first, state.on) : span);
    this.first.textContent = day(first);
    this.#dateLabel();
    this.compare.href = address("/compare", { unit: state.unit, b: state.on });
    this.compare.hidden = !status.roots.length || span === 0;
  }

  #cycleMoved() {
    this.own.checked = false;
    this.#cycle();
  }

  #cycle() {
    this.#cycleLabel();
    this.change({ cycle: this.own.checked ? null : Number(this.cycle.value) });
  }

  #cycleLabel() {
    const text = this.own.checked ? "各网格自身周期" : `${this.cycle.value} 天`;
    this.cycleText.textContent = text;
    this.cycle.setAttribute("aria-valuetext", text);
    this.cycle.classList.toggle("own", this.own.checked);
  }

  /** @returns {string} the day under the slider's thumb */
  #day() {
    const first = this.status?.first_day ?? this.status?.today ?? "2000-01-01";
    return addDays(first, Number(this.date.value));
  }

  #date() {
    this.#dateLabel();
    this.change({ on: this.#day() === this.status?.today ? null : this.#day() });
  }

  #dateLabel() {
    const chosen = this.#day();
    const text = day(chosen) + (chosen === this.status?.today ? "（今天）" : "");
    this.dateText.textContent = text;
    this.date.setAttribute("aria-valuetext", text);
  }
}
