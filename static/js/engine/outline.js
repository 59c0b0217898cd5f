/** Cells whose centre lies in a polygon, edges straight in lon/lat: the rule of geo/scanline.py. */

import { TILE_SIZE, tileKey, toLat, toU, toV } from "./frame.js";

/**
 * Cells of a polygon or multipolygon, tile by tile.
 * @param {GeoJSON.Geometry} geometry anything else has no cells
 * @returns {Map<string, number[]>} indices of cells by tile
 */
export function cellsOf(geometry) {
  /** @type {Map<string, number[]>} */
  const cells = new Map();
  for (const [row, columns] of crossings(ringsOf(geometry))) {
    columns.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < columns.length; pair += 2) {
      for (let column = columns[pair]; column < columns[pair + 1]; column++) put(cells, row, column);
    }
  }
  return cells;
}

/** @param {Map<string, number[]>} cells @param {number} row @param {number} column */
function put(cells, row, column) {
  const key = tileKey(Math.floor(column / TILE_SIZE), Math.floor(row / TILE_SIZE));
  const index = (row % TILE_SIZE) * TILE_SIZE + (column % TILE_SIZE);
  const known = cells.get(key);
  if (known) known.push(index);
  else cells.set(key, [index]);
}

/** @param {GeoJSON.Geometry} geometry @returns {GeoJSON.Position[][]} */
function ringsOf(geometry) {
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

/** First columns to the east of each crossing, by row. @param {GeoJSON.Position[][]} rings */
function crossings(rings) {
  /** @type {Map<number, number[]>} */
  const byRow = new Map();
  for (const ring of rings) {
    for (let index = 0; index + 1 < ring.length; index++) {
      const [north, south] = ring[index][1] > ring[index + 1][1] ? [ring[index], ring[index + 1]] : [ring[index + 1], ring[index]];
      if (north[1] === south[1]) continue;
      const [u0, u1] = [toU(north[0]), toU(south[0])];
      const until = Math.ceil(toV(south[1]) - 0.5);
      for (let row = Math.ceil(toV(north[1]) - 0.5); row < until; row++) {
        const share = (toLat(row + 0.5) - north[1]) / (south[1] - north[1]);
        const meeting = Math.min(Math.max(u0 + share * (u1 - u0), Math.min(u0, u1)), Math.max(u0, u1));
        const columns = byRow.get(row);
        const column = Math.ceil(meeting - 0.5);
        if (columns) columns.push(column);
        else byRow.set(row, [column]);
      }
    }
  }
  return byRow;
}
