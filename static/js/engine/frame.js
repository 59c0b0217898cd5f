/**
 * The cell frame: a port of geo/frame.py, operation by operation, so that phone and service agree on every cell.
 *
 * A cell is 1/256 x 1/256 of a zoom-15 Web-Mercator tile; (u, v) count cells from the north-west corner of the square.
 */

export const ZOOM = 15;
export const TILE_SIZE = 256;
export const CELLS_PER_TILE = TILE_SIZE * TILE_SIZE;
export const TILES_PER_AXIS = 2 ** ZOOM;
export const CELLS_PER_AXIS = TILES_PER_AXIS * TILE_SIZE;
export const MAX_LAT = 85.0511287798066;

const SEMI_MAJOR_M = 6378137.0;
const FLATTENING = 1 / 298.257223563;
const ECC2 = FLATTENING * (2 - FLATTENING);
const RADIANS_PER_DEGREE = Math.PI / 180;

/** @param {number} degrees */
const radians = (degrees) => degrees * RADIANS_PER_DEGREE;

/** @param {number} x @returns {number} the nearest whole number, halves to the even one, as IEEE and numpy round */
export function rint(x) {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Column of a longitude. @param {number} lon degrees @returns {number} */
export function toU(lon) {
  return ((lon + 180.0) / 360.0) * CELLS_PER_AXIS;
}

/** Row of a latitude within +-MAX_LAT. @param {number} lat degrees @returns {number} */
export function toV(lat) {
  return (0.5 - Math.asinh(Math.tan(radians(lat))) / (2 * Math.PI)) * CELLS_PER_AXIS;
}

/** @param {number} u @returns {number} longitude in degrees */
export function toLon(u) {
  return (u / CELLS_PER_AXIS) * 360.0 - 180.0;
}

/** @param {number} v @returns {number} latitude in degrees */
export function toLat(v) {
  return Math.atan(Math.sinh((0.5 - v / CELLS_PER_AXIS) * 2 * Math.PI)) / RADIANS_PER_DEGREE;
}

/** Ground size of a cell. @param {number} lat degrees @returns {{width_m: number, height_m: number}} */
export function cellSize(lat) {
  const phi = radians(lat);
  const sine = Math.sin(phi);
  const w2 = 1 - ECC2 * (sine * sine);
  const primeVertical_m = SEMI_MAJOR_M / Math.sqrt(w2);
  const meridian_m = (SEMI_MAJOR_M * (1 - ECC2)) / w2 ** 1.5;
  const radiansPerCell = (2 * Math.PI) / CELLS_PER_AXIS;
  return {
    width_m: primeVertical_m * Math.cos(phi) * radiansPerCell,
    height_m: meridian_m * Math.cos(phi) * radiansPerCell,
  };
}

/** Ground of the zone from the equator, per radian of longitude. @param {number} phi radians */
function zone_m2(phi) {
  const e = Math.sqrt(ECC2);
  const s = Math.sin(phi);
  const b2 = SEMI_MAJOR_M ** 2 * (1 - ECC2);
  return (b2 / 2) * (s / (1 - ECC2 * s * s) + Math.atanh(e * s) / e);
}

/** Ground of one cell in a global row, whole cm2. @param {number} row 0 is the northernmost @returns {number} */
export function rowArea_cm2(row) {
  const perRadian_m2 = zone_m2(radians(toLat(row))) - zone_m2(radians(toLat(row + 1.0)));
  return rint(perRadian_m2 * ((2 * Math.PI) / CELLS_PER_AXIS) * 1e4);
}

/** @type {Map<number, Float64Array>} */
const areasByTileRow = new Map();

/** Ground of one cell in each of a tile's 256 rows, whole cm2. @param {number} y tile row @returns {Float64Array} */
export function tileRowArea_cm2(y) {
  let areas = areasByTileRow.get(y);
  if (!areas) {
    areas = Float64Array.from({ length: TILE_SIZE }, (_, row) => rowArea_cm2(y * TILE_SIZE + row));
    areasByTileRow.set(y, areas);
  }
  return areas;
}

/** @param {number} x @param {number} y @returns {string} a tile's name in maps */
export const tileKey = (x, y) => `${x}/${y}`;

/** The cell that holds a place. @param {number} lon @param {number} lat @returns {{key: string, index: number}} */
export function cellOf(lon, lat) {
  const column = modulo(Math.floor(toU(lon)), CELLS_PER_AXIS);
  const row = Math.min(Math.max(Math.floor(toV(lat)), 0), CELLS_PER_AXIS - 1);
  const key = tileKey(Math.floor(column / TILE_SIZE), Math.floor(row / TILE_SIZE));
  return { key, index: (row % TILE_SIZE) * TILE_SIZE + (column % TILE_SIZE) };
}

/** Middle of a cell. @param {string} key @param {number} index @returns {[number, number]} lon, lat */
export function cellCentre(key, index) {
  const [x, y] = key.split("/").map(Number);
  const column = x * TILE_SIZE + (index % TILE_SIZE);
  const row = y * TILE_SIZE + Math.floor(index / TILE_SIZE);
  return [toLon(column + 0.5), toLat(row + 0.5)];
}

/** @param {string} key @returns {import("../types.js").Bbox} west, south, east, north in degrees */
export function tileBounds(key) {
  const [x, y] = key.split("/").map(Number);
  return [toLon(x * TILE_SIZE), toLat((y + 1) * TILE_SIZE), toLon((x + 1) * TILE_SIZE), toLat(y * TILE_SIZE)];
}

/** @param {number} value @param {number} by @returns {number} never negative */
export function modulo(value, by) {
  return ((value % by) + by) % by;
}
