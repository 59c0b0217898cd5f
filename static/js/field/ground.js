/** My grids on the phone: which cell was last seen when, by the service's package and by what was recorded since. */

import { CELLS_PER_TILE, tileKey, tileRowArea_cm2, TILE_SIZE } from "../engine/frame.js";
import { beforeCycle, coveredPercent, EXCLUDED, CLASS_BITS, shares_cm2, SHARES } from "../engine/shares.js";

/** @typedef {import("./types.js").Package} Package */
/** @typedef {import("../engine/shares.js").ZoneTile} ZoneTile */
/** @typedef {{code: string, name: string, unit_name: string, cycle_days: number, bbox: import("../types.js").Bbox,
 *   geometry: GeoJSON.Geometry, tiles: ZoneTile[]}} Grid */
/** @typedef {{grid: Grid, tile: ZoneTile}} Part */

export class Ground {
  /** @param {Grid[]} grids */
  constructor(grids) {
    this.grids = grids;
    /** @type {Map<string, Part[]>} */
    this.parts = new Map();
    /** @type {Set<string>} tiles whose picture is old */
    this.changed = new Set();
    /** Grows with every cell seen. */
    this.version = 0;
    /** @type {Map<string, {version: number, percent: number|null}>} */
    this.percents = new Map();
    for (const grid of grids) {
      for (const tile of grid.tiles) {
        const key = tileKey(tile.x, tile.y);
        this.parts.set(key, [...(this.parts.get(key) ?? []), { grid, tile }]);
        this.changed.add(key);
      }
    }
  }

  /** @param {Package} given @returns {Promise<Ground>} */
  static async of(given) {
    return new Ground(
      await Promise.all(
        given.grids.map(async ({ tiles, ...grid }) => ({ ...grid, tiles: await Promise.all(tiles.map(readTile)) })),
      ),
    );
  }

  /**
   * A cell was seen. Returns its ground in cm2 if it counts for one of my grids and was not covered before, else 0.
   * @param {string} key @param {number} index @param {number} day
   */
  see(key, index, day) {
    let isNew = false;
    for (const { grid, tile } of this.parts.get(key) ?? []) {
      if (!tile.mask[index] || (tile.mask[index] & CLASS_BITS) === EXCLUDED) continue;
      if (tile.tracked[index] >= day) continue;
      if (tile.tracked[index] <= beforeCycle(day, grid.cycle_days)) isNew = true;
      tile.tracked[index] = day;
      this.version += 1;
      this.changed.add(key);
    }
    return isNew ? tileRowArea_cm2(Number(key.split("/")[1]))[Math.floor(index / TILE_SIZE)] : 0;
  }

  /** Whether no grid of mine still waits for a cell to be covered. @param {string} key @param {number} index @param {number} day */
  isDone(key, index, day) {
    for (const { grid, tile } of this.parts.get(key) ?? []) {
      const isAsked = tile.mask[index] && (tile.mask[index] & CLASS_BITS) !== EXCLUDED;
      if (isAsked && tile.tracked[index] <= beforeCycle(day, grid.cycle_days)) return false;
    }
    return true;
  }

  /** Covered share of some of my grids together, floored to 0.1; null without ground. @param {Grid[]} grids @param {number} day @returns {number|null} */
  percent(grids, day) {
    const name = [day, ...grids.map((grid) => grid.code)].join();
    const known = this.percents.get(name);
    if (known?.version === this.version) return known.percent;
    const sums = SHARES.map(() => 0);
    for (const grid of grids) shares_cm2(grid.tiles, grid.cycle_days, day).forEach((part, at) => (sums[at] += part));
    const percent = coveredPercent(sums);
    this.percents.set(name, { version: this.version, percent });
    return percent;
  }

  /** My grid at a place. @param {string} key @param {number} index @returns {Grid|null} */
  gridAt(key, index) {
    return (this.parts.get(key) ?? []).find(({ tile }) => tile.mask[index])?.grid ?? null;
  }
}

/** @param {import("./types.js").PackageTile} tile @returns {Promise<ZoneTile>} */
async function readTile({ x, y, mask, tracked, declared }) {
  return { x, y, mask: await inflated(mask), tracked: await days(tracked), declared: await days(declared) };
}

/** @param {string|null} text @returns {Promise<Uint16Array>} */
async function days(text) {
  if (text === null) return new Uint16Array(CELLS_PER_TILE);
  const view = new DataView((await inflated(text)).buffer);
  return Uint16Array.from({ length: CELLS_PER_TILE }, (_, index) => view.getUint16(2 * index, true));
}

/** @param {string} text base64 of zlib @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
