/** One stacked bar of the seven shares. It always fills the whole width: widths go by area, exactly. */

import { percent } from "../format.js";
import { SHARES } from "../shares.js";
import { svg } from "../dom.js";

/** @typedef {import("../types.js").Row} Row */

/**
 * @param {Row} row
 * @param {string} kind "bar-large" or "bar-small"
 * @returns {SVGElement}
 */
export function bar(row, kind) {
  const total = SHARES.reduce((sum, share) => sum + row.shares[share.name].area_m2, 0);
  const label = SHARES.filter((share) => row.shares[share.name].area_m2 > 0)
    .map((share) => `${share.label} ${percent(row.shares[share.name].percent, row.shares[share.name].area_m2)}`)
    .join("，");
  const drawing = svg("svg", { class: `bar ${kind}`, role: "img", "aria-label": `${row.name}：${label || "没有面积"}` });
  let from = 0;
  for (const share of SHARES) {
    const part = total > 0 ? (row.shares[share.name].area_m2 / total) * 100 : 0;
    if (part <= 0) continue;
    const shape = svg("rect", {
      x: `${from}%`,
      y: 0,
      width: `${part}%`,
      height: "100%",
      fill: `url(#share-${share.name})`,
      "data-share": share.name,
    });
    shape.append(svg("title", {}, `${share.label} ${percent(row.shares[share.name].percent, row.shares[share.name].area_m2)}`));
    drawing.append(shape);
    from += part;
  }
  return drawing;
}

/** A small square filled like the share in bars. @param {string} share */
export function swatch(share) {
  return svg("svg", { class: "swatch", "aria-hidden": "true" }, svg("rect", { width: "100%", height: "100%", fill: `url(#share-${share})` }));
}

/** @param {string} name @param {number} size @param {...SVGElement} marks */
function pattern(name, size, ...marks) {
  const ground = svg("rect", { class: `ground share-${name}`, width: size, height: size });
  return svg("pattern", { id: `share-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" }, ground, ...marks);
}

/** @param {string} name @param {string} path */
function stroke(name, path) {
  return svg("path", { class: `mark share-${name}`, d: path });
}

/**
 * Patterns that tell the shares apart without colour; put once into the page. CSS colours them, also for print.
 * @returns {SVGElement}
 */
export function patterns() {
  return svg(
    "svg",
    { class: "pattern-store", width: 0, height: 0, "aria-hidden": "true" },
    pattern("tracked", 8),
    pattern("declared", 6, stroke("declared", "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2")),
    pattern("stale", 4, stroke("stale", "M0,2 h4")),
    pattern("never_seen", 6, svg("circle", { class: "mark-dot share-never_seen", cx: 3, cy: 3, r: 1 })),
    pattern("unassigned", 5, stroke("unassigned", "M0,0 l5,5 M5,0 l-5,5")),
    pattern("inaccessible", 5, stroke("inaccessible", "M2.5,0 v5")),
    pattern("excluded", 8),
  );
}
