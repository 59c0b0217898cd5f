/** Colours of units and grids, put on by feature state: a slider changes the state, never the tiles. */

import { getJson, Latest } from "../api.js";
import { classOf } from "../palette.js";
import { GRID_ZOOM } from "./style.js";

/** @typedef {import("../types.js").Value} Value */
/** @typedef {import("../types.js").Level} Level */

/** Levels that tiles of a zoom may show: where the tree ends early, coarser units stand in. @param {number} zoom @returns {Level[]} */
export function levelsAt(zoom) {
  /** @type {Level[]} */
  const levels = ["county"];
  if (Math.floor(zoom) >= 9) levels.push("town");
  if (Math.floor(zoom) >= 10) levels.push("village");
  if (zoom >= GRID_ZOOM) levels.push("grid");
  return levels;
}

export class CoverageColours {
  /** @param {import("maplibre-gl").Map} map */
  constructor(map) {
    this.map = map;
    this.latest = new Latest();
    this.key = "";
    /** @type {Set<Level>} */
    this.held = new Set();
    /** Class by code, as it is painted. @type {Map<string, number>} */
    this.painted = new Map();
    /** @type {Map<string, {covered: number|null, never_seen: number|null, area_m2: number}>} */
    this.values = new Map();
  }

  /**
   * Fetch what this state and zoom need and is not held, and colour it.
   * @param {import("../types.js").State} state
   * @param {import("../types.js").Status} status
   */
  async show(state, status) {
    const key = [state.cycle, state.on, status.change_number, status.territory_version, status.today].join();
    if (key !== this.key) {
      this.key = key;
      this.held.clear();
    }
    const wanted = levelsAt(this.map.getZoom()).filter((level) => !this.held.has(level));
    if (!wanted.length) return;
    const signal = this.latest.start();
    const when = { cycle_days: state.cycle, on: state.on };
    const asked = wanted.map((level) => getJson("/api/coverage/values", { level, ...when }, signal));
    for (const answer of await Promise.all(asked)) this.#colour(answer.level, answer.values);
    for (const level of wanted) this.held.add(level);
  }

  /** @param {Level} level @param {Value[]} values */
  #colour(level, values) {
    for (const [code, covered, , never_seen, area_m2] of values) {
      this.values.set(code, { covered, never_seen, area_m2 });
      this.paint(level, code, covered);
    }
  }

  /** Give a unit or grid the colour of a percentage, if it has another. @param {Level} level @param {string} code @param {number|null} covered */
  paint(level, code, covered) {
    const k = classOf(covered);
    if (this.painted.get(code) === k) return;
    this.painted.set(code, k);
    const source = level === "grid" ? "grids" : "units";
    this.map.setFeatureState({ source, sourceLayer: source, id: code }, { k });
  }

  /** Show anew from the start: something else painted over it. */
  forget() {
    this.key = "";
  }
}
