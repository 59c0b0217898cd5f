/** A record's ground as features of a map: steps by speed, what did not count, the phone and the area. */

/** @typedef {import("./types.js").Series} Series */
/** @typedef {[number, number]} Position */

/** How a step is drawn. @typedef {"slow"|"middle"|"fast"|"lost"|"wrong"} StepClass */

/** Why a step does not count: no knowledge of the way, or a way that nobody walks. */
const WRONG = new Set(["jump", "too_fast"]);

/**
 * Steps of one class in one feature, so that thousands of steps stay few features.
 * @param {Series} series
 * @returns {GeoJSON.Feature[]}
 */
export function stepFeatures(series) {
  /** @type {Map<StepClass, Position[][]>} */
  const lines = new Map();
  /** @type {StepClass|null} */
  let last = null;
  for (let index = 1; index < series.lon.length; index++) {
    const of = classOf(series, index);
    const known = lines.get(of) ?? [];
    const here = at(series, index);
    if (of === last) known[known.length - 1].push(here);
    else known.push([at(series, index - 1), here]);
    lines.set(of, known);
    last = of;
  }
  return [...lines].map(([of, coordinates]) => ({ type: "Feature", properties: { of }, geometry: { type: "MultiLineString", coordinates } }));
}

/** @param {Series} series @param {number} index @returns {StepClass} */
function classOf(series, index) {
  const why = series.left_out[index];
  if (why !== null) return WRONG.has(why) ? "wrong" : "lost";
  const part = (series.speed_m_s[index] ?? 0) / series.max_speed_m_s;
  return part > 2 / 3 ? "fast" : part > 1 / 3 ? "middle" : "slow";
}

/** @param {Series} series @param {number} index @returns {Position} */
function at(series, index) {
  return [series.lon[index], series.lat[index]];
}

/**
 * The phone's position with its accuracy, and the straight way from it to the area that it was away from.
 * @param {GeoJSON.Point} position
 * @param {number|null} accuracy_m
 * @param {GeoJSON.Geometry|null} area null: it was inside
 * @returns {GeoJSON.Feature[]}
 */
export function phoneFeatures(position, accuracy_m, area) {
  const here = /** @type {Position} */ (position.coordinates);
  /** @type {GeoJSON.Feature[]} */
  const features = [{ type: "Feature", properties: { of: "phone" }, geometry: position }];
  if (accuracy_m) features.push({ type: "Feature", properties: { of: "accuracy" }, geometry: { type: "Polygon", coordinates: [circle(here, accuracy_m)] } });
  const there = area ? nearest(here, area) : null;
  if (there) features.push({ type: "Feature", properties: { of: "distance" }, geometry: { type: "LineString", coordinates: [here, there] } });
  return features;
}

/** Metres in a degree of longitude and latitude. @param {number} lat @returns {Position} */
function metresPerDegree(lat) {
  return [111_320 * Math.cos((lat * Math.PI) / 180), 110_900];
}

/** @param {Position} middle @param {number} radius_m @returns {Position[]} */
function circle([lon, lat], radius_m) {
  const [east, north] = metresPerDegree(lat);
  return Array.from({ length: 49 }, (_, index) => {
    const angle = (index / 48) * 2 * Math.PI;
    return /** @type {Position} */ ([lon + (radius_m * Math.cos(angle)) / east, lat + (radius_m * Math.sin(angle)) / north]);
  });
}

/**
 * The nearest point of an area's outlines, or the one there is, for drawing; null where there is none.
 * @param {Position} from
 * @param {GeoJSON.Geometry} area
 * @returns {Position|null}
 */
function nearest(from, area) {
  if (area.type === "Point") return /** @type {Position} */ (area.coordinates);
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.type === "MultiPolygon" ? area.coordinates : [];
  const [east, north] = metresPerDegree(from[1]);
  /** @type {Position|null} */
  let best = null;
  let least = Infinity;
  for (const ring of polygons.flat()) {
    for (let index = 1; index < ring.length; index++) {
      const [ax, ay] = [(ring[index - 1][0] - from[0]) * east, (ring[index - 1][1] - from[1]) * north];
      const [bx, by] = [(ring[index][0] - from[0]) * east, (ring[index][1] - from[1]) * north];
      const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
      const along = length2 ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / length2)) : 0;
      const [x, y] = [ax + along * (bx - ax), ay + along * (by - ay)];
      if (x * x + y * y >= least) continue;
      least = x * x + y * y;
      best = [from[0] + x / east, from[1] + y / north];
    }
  }
  return best;
}
