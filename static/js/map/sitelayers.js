/** Source and layers of sites on a map: clusters far out, marks near, outlines nearest. */

import { INK } from "../palette.js";
import { SITE_LOOKS, SITE_STATES } from "../sitestates.js";
import { FONTS, tiles } from "./style.js";

/** @typedef {import("maplibre-gl").LayerSpecification} LayerSpecification */

const OUTLINE_ZOOM = 15;

/** @type {any} */
const byState = ["match", ["get", "state"], ...SITE_STATES.flatMap((state) => [state, state === "checked" ? SITE_LOOKS[state].line : SITE_LOOKS[state].fill]), INK];
/** A cluster's worst state: the first of which it has any. @type {any} */
const WORST = ["case", ...SITE_STATES.slice(0, -1).flatMap((state) => [[">", ["coalesce", ["get", state], 0], 0], state]), "checked"];
/** @type {any} */
const worstColour = ["match", WORST, ...SITE_STATES.flatMap((state) => [state, state === "checked" ? SITE_LOOKS[state].line : SITE_LOOKS[state].fill]), INK];
/** The most urgent lies on top. @type {any} */
const urgency = ["match", ["get", "state"], ...SITE_STATES.flatMap((state, at) => [state, SITE_STATES.length - at]), 0];
/** @type {any} */
const radius = ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 14, 1, 18, 2, 24, 3, 30, 4, 36];

/** The upper right of a cluster's circle. @type {any} */
const corner = ["step", ["get", "count"], ["literal", [18, -16]], 10, ["literal", [23, -20]], 100, ["literal", [30, -26]], 1000, ["literal", [38, -32]]];

/** @param {string} url of the tiles @returns {import("maplibre-gl").SourceSpecification} */
export function siteSource(url) {
  return { type: "vector", tiles: tiles(url), maxzoom: 16 };
}

/** Which a tile holds, clusters or single sites, is for the server to say. @returns {LayerSpecification[]} */
export function siteLayers() {
  /** @type {any} */
  const several = [">", ["get", "count"], 1];
  const clusters = /** @type {const} */ ({ source: "sites", "source-layer": "clusters" });
  const free = /** @type {const} */ ({ "icon-allow-overlap": true, "icon-ignore-placement": true });
  return [
    { id: "site-outlines", type: "fill", source: "sites", "source-layer": "outlines", minzoom: OUTLINE_ZOOM, paint: { "fill-color": byState, "fill-opacity": 0.16 } },
    { id: "site-outlines-line", type: "line", source: "sites", "source-layer": "outlines", minzoom: OUTLINE_ZOOM, paint: { "line-color": byState, "line-width": 1.8 } },
    {
      id: "site-clusters", type: "circle", ...clusters, filter: several,
      paint: { "circle-radius": radius, "circle-color": "#ffffff", "circle-opacity": 0.94, "circle-stroke-color": worstColour, "circle-stroke-width": 3 },
    },
    {
      id: "site-counts", type: "symbol", ...clusters, filter: several,
      layout: { "text-field": ["to-string", ["get", "count"]], "text-font": FONTS, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": INK },
    },
    { id: "site-worst", type: "symbol", ...clusters, filter: several, layout: { ...free, "icon-image": ["concat", "site-", WORST], "icon-size": 0.75, "icon-offset": corner } },
    { id: "site-singles", type: "symbol", ...clusters, filter: ["==", ["get", "count"], 1], layout: { ...free, "icon-image": ["concat", "site-", WORST], "icon-size": 0.75 } },
    {
      id: "site-marks", type: "symbol", source: "sites", "source-layer": "sites",
      layout: { ...free, "icon-image": ["concat", "site-", ["get", "state"]], "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.75, 16, 1.1], "symbol-sort-key": urgency },
    },
    {
      id: "site-names", type: "symbol", source: "sites", "source-layer": "sites", minzoom: OUTLINE_ZOOM,
      layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12, "text-anchor": "top", "text-offset": [0, 1.1], "text-max-width": 9, "text-optional": true },
      paint: { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 1.8 },
    },
  ];
}

/** What of these answers a finger. */
export const SITE_TARGETS = ["site-marks", "site-singles", "site-clusters", "site-outlines"];
