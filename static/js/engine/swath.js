/**
 * Steps and a half-width to the cells seen from them: a port of geo/swath.py.
 *
 * Each step is judged for itself, so that taking them one by one gives the same cells as taking all at once.
 */

import { CELLS_PER_AXIS, CELLS_PER_TILE, modulo, TILE_SIZE, tileKey } from "./frame.js";

/** @typedef {import("./tracks.js").Segment} Segment */
/** @typedef {{day: number, key: string, cells: Uint8Array}} Look cells: 1 where seen, row by row from the north */

const LEVEL_M = 1e-9;

/** @param {number} value @param {number} sign @returns {number} magnitude of the one, sign of the other (and of its zero) */
function copysign(value, sign) {
  const isNegative = sign < 0 || Object.is(sign, -0);
  return isNegative ? -Math.abs(value) : Math.abs(value);
}

/**
 * Rows of cells whose centre lies within `half_width_m` (inclusive) of a step: global row, first and last column, as
 * they come; columns may lie beyond the antimeridian.
 * @param {Segment} way
 * @param {number} half_width_m
 * @param {(row: number, first: number, last: number) => void} take
 */
export function eachRow(way, half_width_m, take) {
  const reach = half_width_m / way.height_m + 0.5;
  const end = way.v + way.south_m / way.height_m;
  const firstRow = Math.max(Math.ceil(Math.min(way.v, end) - reach), 0);
  const lastRow = Math.min(Math.floor(Math.max(way.v, end) + reach), CELLS_PER_AXIS - 1);
  const south = Math.abs(way.south_m) < LEVEL_M ? LEVEL_M : way.south_m;
  const edge = (half_width_m * copysign(way.east_m, way.east_m * south)) / Math.hypot(way.east_m, south);
  const start = way.u - 0.5;
  const cellsPerM = 1 / way.width_m;
  for (let row = firstRow; row <= lastRow; row++) {
    const y = (row - (way.v - 0.5)) * way.height_m;
    const west = reached(y, -1, edge, south, way.east_m, half_width_m);
    const east = reached(y, 1, edge, south, way.east_m, half_width_m);
    if (east === null || west === null) continue;
    const first = Math.ceil(start + west * cellsPerM);
    const last = Math.floor(start + east * cellsPerM);
    if (first <= last) take(row, first, last);
  }
}

/**
 * How far east of the start the swept disc reaches in a row, metres; null when not at all. As in geo/swath.py the
 * eastern side alone says whether the row is met.
 * @param {number} y @param {1|-1} side @param {number} edge @param {number} south @param {number} east_m
 * @param {number} half_width_m
 */
function reached(y, side, edge, south, east_m, half_width_m) {
  const s = Math.min(Math.max((y + side * edge) / south, 0.0), 1.0);
  const off = y - s * south;
  const half2 = half_width_m * half_width_m - off * off;
  if (side > 0 && half2 < 0) return null;
  return s * east_m + side * Math.sqrt(Math.max(half2, 0.0));
}

/** Cells seen, by day and tile. */
export class Swath {
  constructor() {
    /** @type {Map<string, Look>} */
    this.byDayAndTile = new Map();
  }

  /**
   * Add what is seen from one step.
   * @param {Segment} way
   * @param {number} half_width_m
   * @param {(look: Look, index: number) => void} [isNew] told of each cell not seen before on that day
   */
  add(way, half_width_m, isNew) {
    eachRow(way, half_width_m, (row, first, last) => {
      const y = Math.floor(row / TILE_SIZE);
      const line = (row % TILE_SIZE) * TILE_SIZE;
      for (let column = first; column <= last; column++) {
        const inFrame = modulo(column, CELLS_PER_AXIS);
        const look = this.#look(way.day, tileKey(Math.floor(inFrame / TILE_SIZE), y));
        const index = line + (inFrame % TILE_SIZE);
        if (look.cells[index]) continue;
        look.cells[index] = 1;
        isNew?.(look, index);
      }
    });
  }

  /** @param {number} day @param {string} key @returns {Look} */
  #look(day, key) {
    const name = `${day}/${key}`;
    let look = this.byDayAndTile.get(name);
    if (!look) {
      look = { day, key, cells: new Uint8Array(CELLS_PER_TILE) };
      this.byDayAndTile.set(name, look);
    }
    return look;
  }

  /** @returns {Look[]} */
  looks() {
    return [...this.byDayAndTile.values()];
  }
}

/** @param {Segment[]} segments @param {number} half_width_m @returns {Look[]} none empty, in no order */
export function looks(segments, half_width_m) {
  const swath = new Swath();
  for (const segment of segments) swath.add(segment, half_width_m);
  return swath.looks();
}
