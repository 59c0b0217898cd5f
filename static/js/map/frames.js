/** Colours of days gone by, fetched ahead of the day that is shown and kept: a second look costs nothing. */

import { getJson } from "../api.js";
import { levelsAt } from "./coverage.js";

/** @typedef {import("../types.js").Level} Level */
/** @typedef {{codes: string[], covered: (number|null)[]}} Colours */
/** @typedef {Map<Level, Colours>} Frame */

export class Frames {
  /** @param {import("maplibre-gl").Map} map */
  constructor(map) {
    this.map = map;
    /** What was asked for, by day and level. @type {Map<string, Promise<Colours>>} */
    this.asked = new Map();
    this.key = "";
    this.controller = new AbortController();
  }

  /** Forget what another state of the data, or another cycle, has told. @param {string} key */
  begin(key) {
    if (key !== this.key) this.asked.clear();
    this.key = key;
    this.controller = new AbortController();
  }

  /** Ask for nothing more. */
  end() {
    this.controller.abort();
  }

  /** A day's colours at the zoom of now. Throws ApiError. @param {string} on @param {number|null} cycle_days @returns {Promise<Frame>} */
  async of(on, cycle_days) {
    const levels = levelsAt(this.map.getZoom());
    const found = await Promise.all(levels.map((level) => this.#ask(on, level, cycle_days)));
    return new Map(levels.map((level, index) => [level, found[index]]));
  }

  /** @param {string} on @param {Level} level @param {number|null} cycle_days */
  #ask(on, level, cycle_days) {
    const name = `${on} ${level}`;
    const known = this.asked.get(name);
    if (known) return known;
    const asking = getJson("/api/coverage/values", { level, on, cycle_days }, this.controller.signal).then(small);
    this.asked.set(name, asking);
    // What failed is asked for again the next time.
    asking.catch(() => this.asked.delete(name));
    return asking;
  }
}

/** @param {{values: import("../types.js").Value[]}} answer @returns {Colours} */
function small({ values }) {
  return { codes: values.map(([code]) => code), covered: values.map(([, covered]) => covered) };
}
