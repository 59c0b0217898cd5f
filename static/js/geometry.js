/** The little geometry that a page needs. */

/**
 * @param {GeoJSON.Geometry} geometry not empty
 * @returns {import("./types.js").Bbox}
 */
export function bboxOf(geometry) {
  /** @type {import("./types.js").Bbox} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  /** @param {any} part */
  const grow = (part) => {
    if (typeof part[0] !== "number") return part.forEach(grow);
    box[0] = Math.min(box[0], part[0]);
    box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]);
    box[3] = Math.max(box[3], part[1]);
  };
  if (geometry.type === "GeometryCollection") {
    for (const [west, south, east, north] of geometry.geometries.map(bboxOf)) grow([[west, south], [east, north]]);
  } else grow(geometry.coordinates);
  return box;
}
