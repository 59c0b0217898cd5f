/** The page's state and its place in the address bar: whoever is sent the address sees the same. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").LayerName} LayerName */

/** @type {LayerName[]} */
export const LAYERS = ["units", "grids", "freshness", "spots", "defects", "exclusions", "tracks", "sites", "cases"];
/** @type {LayerName[]} */
const DEFAULT_LAYERS = ["units", "grids", "spots", "defects", "exclusions"];
export const MAX_CYCLE_DAYS = 90;

/** @returns {State} */
function initial() {
  return { unit: null, grid: null, cycle: null, on: null, layers: DEFAULT_LAYERS, view: null, spot: null, point: null };
}

/** @param {string|null} text @returns {[number, number]|null} */
function pair(text) {
  const parts = (text ?? "").split(",").map(Number);
  return text && parts.length === 2 && parts.every(Number.isFinite) ? [parts[0], parts[1]] : null;
}

/** @param {string|null} text */
function view(text) {
  const [zoom, lat, lon] = (text ?? "").split("/").map(Number);
  return text && [zoom, lat, lon].every(Number.isFinite) ? { zoom, lat, lon } : null;
}

/**
 * State of an address; what is malformed counts as not given.
 * @param {string} search the part after "?"
 * @returns {State}
 */
export function parse(search) {
  const query = new URLSearchParams(search);
  const cycle = Number(query.get("cycle"));
  const on = query.get("on");
  const layers = query.get("layers");
  return {
    unit: query.get("unit"),
    grid: query.get("grid"),
    cycle: Number.isInteger(cycle) && cycle >= 1 && cycle <= 366 ? cycle : null,
    on: on && /^\d{4}-\d{2}-\d{2}$/.test(on) ? on : null,
    layers: layers === null ? DEFAULT_LAYERS : LAYERS.filter((name) => layers.split(",").includes(name)),
    view: view(query.get("map")),
    spot: pair(query.get("spot")),
    point: pair(query.get("point")),
  };
}

/**
 * The inverse of `parse`; what is at its default is left out.
 * @param {State} state
 * @returns {string} "" or "?..."
 */
export function format(state) {
  const query = [];
  if (state.unit) query.push(`unit=${encodeURIComponent(state.unit)}`);
  if (state.grid) query.push(`grid=${encodeURIComponent(state.grid)}`);
  if (state.cycle) query.push(`cycle=${state.cycle}`);
  if (state.on) query.push(`on=${state.on}`);
  if (state.layers.join() !== DEFAULT_LAYERS.join()) query.push(`layers=${state.layers.join(",")}`);
  if (state.spot) query.push(`spot=${state.spot.join(",")}`);
  if (state.point) query.push(`point=${state.point.map((part) => part.toFixed(6)).join(",")}`);
  if (state.view) {
    query.push(`map=${state.view.zoom.toFixed(2)}/${state.view.lat.toFixed(5)}/${state.view.lon.toFixed(5)}`);
  }
  return query.length ? `?${query.join("&")}` : "";
}

/**
 * Holds the state, writes it to the address bar, and tells who listens what changed.
 * Places (unit, grid, spot, point) make a history entry; sliders, layers and the map's view do not.
 */
export class Store {
  constructor() {
    /** @type {State} */
    this.state = parse(location.search);
    /** @type {((state: State, changed: Set<string>, travelled: boolean) => void)[]} */
    this.listeners = [];
    addEventListener("popstate", () => this.#replace(parse(location.search)));
  }

  /** @param {(state: State, changed: Set<string>, travelled: boolean) => void} listener */
  listen(listener) {
    this.listeners.push(listener);
  }

  /** @param {Partial<State>} patch */
  set(patch) {
    const before = this.state;
    this.state = { ...before, ...patch };
    const changed = difference(before, this.state);
    if (!changed.size) return;
    const isPlace = ["unit", "grid", "spot", "point"].some((key) => changed.has(key));
    const url = location.pathname + format(this.state);
    if (isPlace) history.pushState(null, "", url);
    else history.replaceState(null, "", url);
    this.#tell(changed, false);
  }

  /** @param {State} state */
  #replace(state) {
    const changed = difference(this.state, state);
    this.state = state;
    this.#tell(changed, true);
  }

  /** @param {Set<string>} changed @param {boolean} travelled */
  #tell(changed, travelled) {
    for (const listener of this.listeners) listener(this.state, changed, travelled);
  }
}

/** @param {State} before @param {State} after @returns {Set<string>} */
function difference(before, after) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(initial()));
  return new Set(keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])));
}
