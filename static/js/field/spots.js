/** The blind spots of my grids: what is left of each, and which is near. */

import { cellCentre, tileRowArea_cm2, TILE_SIZE, toU, toV } from "../engine/frame.js";
import { cellsOf } from "../engine/outline.js";
import { bearing_deg, distance_m } from "../engine/tracks.js";

/** @typedef {import("./ground.js").Ground} Ground */
/** @typedef {{lon: number, lat: number}} Place */
/** @typedef {{id: string, name: string, grid_code: string, geometry: GeoJSON.Geometry, area_m2: number, left_m2: number, walk_to: Place}} Spot */
/** @typedef {Spot & {distance_m: number|null, bearing_deg: number|null}} Near */

// A remainder smaller than this share of the spot is its rough edge, not a place to go back to.
const DONE_SHARE = 0.05;
const EVERY_MS = 3000;

export class Spots {
  /** @param {any[]} features of the package @param {Ground} ground */
  constructor(features, ground) {
    this.ground = ground;
    /** @type {{version: number, day: number, at_ms: number, spots: Spot[]}|null} */
    this.latest = null;
    this.known = features.map((feature, at) => ({ feature, id: String(at), cells: [...cellsOf(feature.geometry)] }));
  }

  /** What is still to be covered; some seconds old while walking. @param {number} day @returns {Spot[]} */
  left(day) {
    const { latest } = this;
    const isNew = latest && (latest.version === this.ground.version || Date.now() - latest.at_ms < EVERY_MS);
    if (latest && isNew && latest.day === day) return latest.spots;
    const spots = this.#left(day);
    this.latest = { version: this.ground.version, day, at_ms: Date.now(), spots };
    return spots;
  }

  /** @param {number} day @returns {Spot[]} */
  #left(day) {
    return this.known.flatMap((spot) => {
      const { properties, geometry } = spot.feature;
      const { left_cm2, all_cm2, target } = this.#rest(spot.cells, properties.walk_to, day);
      if (!target || left_cm2 < DONE_SHARE * all_cm2) return [];
      const grid = this.ground.grids.find(({ code }) => code === properties.grid_code);
      const walk_to = asPlace(cellCentre(...target));
      return [{ id: spot.id, name: grid?.name ?? "", grid_code: properties.grid_code, geometry, area_m2: properties.area_m2, left_m2: left_cm2 / 1e4, walk_to }];
    });
  }

  /**
   * Ground left of a spot, and the cell left that is nearest to the package's point to walk to.
   * @param {[string, number[]][]} cells @param {[number, number]} stated @param {number} day
   */
  #rest(cells, [lon, lat], day) {
    const [column, row] = [toU(lon), toV(lat)];
    let [left_cm2, all_cm2, nearest] = [0, 0, Infinity];
    /** @type {[string, number]|null} */
    let target = null;
    for (const [key, indices] of cells) {
      const [x, y] = key.split("/").map(Number);
      const area = tileRowArea_cm2(y);
      for (const index of indices) {
        const inTile = Math.floor(index / TILE_SIZE);
        all_cm2 += area[inTile];
        if (this.ground.isDone(key, index, day)) continue;
        left_cm2 += area[inTile];
        const off = (x * TILE_SIZE + (index % TILE_SIZE) + 0.5 - column) ** 2 + (y * TILE_SIZE + inTile + 0.5 - row) ** 2;
        if (off < nearest) [nearest, target] = [off, [key, index]];
      }
    }
    return { left_cm2, all_cm2, target };
  }
}

/** @param {[number, number]} pair @returns {Place} */
const asPlace = ([lon, lat]) => ({ lon, lat });

/** Nearest first; without a position the largest first. @param {Spot[]} spots @param {Place|null} here @returns {Near[]} */
export function byDistance(spots, here) {
  if (!here) return spots.map((spot) => ({ ...spot, distance_m: null, bearing_deg: null })).sort((a, b) => b.left_m2 - a.left_m2);
  return spots
    .map((spot) => ({ ...spot, distance_m: distance_m(here, spot.walk_to), bearing_deg: bearing_deg(here, spot.walk_to) }))
    .sort((a, b) => a.distance_m - b.distance_m);
}

const POINTS = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];

/** @param {number} degrees @returns {string} 北, 东北, … */
export const pointOf = (degrees) => POINTS[Math.round(degrees / 45) % POINTS.length];
