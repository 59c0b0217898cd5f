/** How far sites are from the phone, and which are to be visited first. */

import { distance_m } from "../engine/tracks.js";

/** @typedef {import("./types.js").PackageSite} PackageSite */
/** @typedef {{lon: number, lat: number}} Place */
/** @typedef {PackageSite & {distance_m: number|null}} NearSite */

const M_PER_DEGREE = 111_320;

/**
 * Straight metres from a place to a site's outline, else to its point; 0 inside, null for a site without a place.
 * @param {Place} here @param {PackageSite} site @returns {number|null}
 */
export function away_m(here, site) {
  const rings = ringsOf(site.outline);
  if (rings.length) return isInside(here, rings) ? 0 : Math.min(...rings.map((ring) => toRing_m(here, ring)));
  return site.lon === null || site.lat === null ? null : distance_m(here, { lon: site.lon, lat: site.lat });
}

/** Nearest first; sites of which nobody knows the place come last. @param {PackageSite[]} sites @param {Place|null} here @returns {NearSite[]} */
export function byNearness(sites, here) {
  const near = sites.map((site) => ({ ...site, distance_m: here && away_m(here, site) }));
  return near.sort((a, b) => (a.distance_m ?? Infinity) - (b.distance_m ?? Infinity) || a.name.localeCompare(b.name, "zh-CN"));
}

/** Never told nearer than it is drawn: floored to 10 m, or to 0.1 km. @param {number|null} metres */
export function farText(metres) {
  if (metres === null) return "";
  if (metres < 10) return "就在此处";
  if (metres < 1000) return `约 ${Math.floor(metres / 10) * 10} 米`;
  return `约 ${(Math.floor(metres / 100) / 10).toFixed(1)} 公里`;
}

/** @param {GeoJSON.Geometry|null} outline @returns {number[][][]} */
function ringsOf(outline) {
  if (outline?.type === "Polygon") return outline.coordinates;
  return outline?.type === "MultiPolygon" ? outline.coordinates.flat() : [];
}

/** Even-odd rule over all rings, so that courts are outside. @param {Place} here @param {number[][][]} rings */
function isInside({ lon, lat }, rings) {
  let inside = false;
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at++) {
      const [[x1, y1], [x2, y2]] = [ring[at - 1], ring[at]];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

/** @param {Place} here @param {number[][]} ring */
function toRing_m({ lon, lat }, ring) {
  const east = M_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  let least = Infinity;
  for (let at = 1; at < ring.length; at++) {
    const [ax, ay] = [(ring[at - 1][0] - lon) * east, (ring[at - 1][1] - lat) * M_PER_DEGREE];
    const [bx, by] = [(ring[at][0] - lon) * east, (ring[at][1] - lat) * M_PER_DEGREE];
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length2 ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / length2)) : 0;
    least = Math.min(least, Math.hypot(ax + along * (bx - ax), ay + along * (by - ay)));
  }
  return least;
}
