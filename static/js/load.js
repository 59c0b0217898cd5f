/** What the page asks the service for, given its state. */

import { getJson } from "./api.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Coverage} Coverage */
/** @typedef {import("./types.js").Spots} Spots */

/**
 * Where a reader begins: the first top of their scope, or its first grid; null when the scope holds nothing.
 * @param {import("./types.js").Status} status
 * @returns {import("./types.js").Place|null}
 */
export function startOf(status) {
  return status.roots[0] ?? status.single_grids[0] ?? null;
}

/**
 * Figures of the unit or grid in view.
 * @param {State} state
 * @param {import("./types.js").Status} status
 * @param {AbortSignal} signal
 * @returns {Promise<Coverage>}
 */
export async function figuresOf(state, status, signal) {
  const when = { cycle_days: state.cycle, on: state.on };
  const start = startOf(status);
  const grid = state.grid ?? (!state.unit && start?.level === "grid" ? start.code : null);
  if (grid) {
    const answer = await getJson(`/api/grids/${encodeURIComponent(grid)}/coverage`, when, signal);
    const { code, name } = answer.grid;
    return { ...answer, path: [...answer.path, { code, name, level: "grid" }], row: answer.grid, children: [] };
  }
  const code = state.unit ?? start?.code ?? "";
  const answer = await getJson(`/api/units/${encodeURIComponent(code)}/coverage`, when, signal);
  return { ...answer, row: answer.unit };
}

/**
 * The blind spots of the unit or grid in view, ranked.
 * @param {State} state
 * @param {Row} row
 * @param {AbortSignal} signal
 * @returns {Promise<Spots>}
 */
export async function spotsOf(state, row, signal) {
  const when = { cycle_days: state.cycle, on: state.on };
  if (row.level !== "grid") return getJson("/api/blind-spots", { unit: row.code, ...when, limit: 100 }, signal);
  const near = /** @type {Spots} */ (await getJson("/api/blind-spots", { bbox: row.bbox.join(","), ...when }, signal));
  const features = near.features.filter((spot) => spot.properties.grid_code === row.code);
  const total_m2 = features.reduce((sum, spot) => sum + spot.properties.area_m2, 0);
  features.forEach((spot, index) => (spot.properties.rank = index + 1));
  return { ...near, features, total_m2, returned: features.length };
}

/**
 * The blind spot whose walk-to point is given, or null when there is none (any more).
 * @param {State} state
 * @param {[number, number]} walkTo
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Spot|null>}
 */
export async function spotAt(state, walkTo, signal) {
  const [lon, lat] = walkTo;
  const reach = 0.0005;
  const bbox = [lon - reach, lat - reach, lon + reach, lat + reach].map((part) => part.toFixed(6)).join(",");
  const near = /** @type {Spots} */ (await getJson("/api/blind-spots", { bbox, cycle_days: state.cycle, on: state.on }, signal));
  const close = (/** @type {import("./types.js").Spot} */ spot) =>
    Math.abs(spot.properties.walk_to[0] - lon) < 1e-6 && Math.abs(spot.properties.walk_to[1] - lat) < 1e-6;
  return near.features.find(close) ?? null;
}
