/** Colours of the map. YlGnBu (ColorBrewer), five fixed classes: safe for colour-blind eyes, and it prints in grey. */

/** Covered percent from which each class starts. */
export const CLASS_FROM = [0, 20, 50, 80, 95];
export const CLASS_COLOURS = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"];
export const CLASS_NAMES = ["不足 20%", "20% – 50%", "50% – 80%", "80% – 95%", "95% 以上"];

export const INK = "#1c2b39";
export const PAPER = "#f3f5f4";
export const WATER = "#c9dbe6";
export const ACCENT = "#b8442c";
export const FOOT = "#3d2c8d";
export const VEHICLE = "#8a6d1f";
export const DRONE = "#00695c";

/**
 * The class of a covered percentage; null for none.
 * @param {number|null} percent
 * @returns {number} 0..4, or -1 when there is no figure
 */
export function classOf(percent) {
  if (percent === null) return -1;
  return CLASS_FROM.reduce((found, from, index) => (percent >= from ? index : found), 0);
}
