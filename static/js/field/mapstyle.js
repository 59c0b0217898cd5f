/** The style of the phone's map: strong lines for sunlight, nothing from a network. */

import { ACCENT, INK, PAPER, WATER } from "../palette.js";

const ORDER = "#7a2e8d";
const FONTS = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
const SOURCES = ["grids", "exclusions", "spots", "marks", "orders", "track", "way", "goal", "me"];

/** @returns {import("maplibre-gl").StyleSpecification} */
export function style() {
  /** @type {Record<string, any>} */
  const sources = {
    lakes: { type: "geojson", data: "/static/basemap/lakes.geojson" },
    rivers: { type: "geojson", data: "/static/basemap/rivers.geojson" },
  };
  for (const name of SOURCES) sources[name] = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { version: 8, sources, layers: [...ground(), ...outlines(), ...me()] };
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function ground() {
  return [
    { id: "paper", type: "background", paint: { "background-color": PAPER } },
    { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": WATER } },
    { id: "rivers", type: "line", source: "rivers", paint: { "line-color": WATER, "line-width": 4 } },
    { id: "grids-fill", type: "fill", source: "grids", paint: { "fill-color": "#ffffff" } },
    { id: "spots-fill", type: "fill", source: "spots", paint: { "fill-pattern": "blind" } },
    // What is covered goes in between: it must hide the dots of what was to be covered.
    { id: "exclusions-fill", type: "fill", source: "exclusions", paint: { "fill-pattern": "excluded" } },
    { id: "marks-fill", type: "fill", source: "marks", paint: { "fill-color": "#8fb4d4", "fill-opacity": 0.6 } },
    { id: "marks-line", type: "line", source: "marks", paint: { "line-color": "#24588a", "line-width": 2, "line-dasharray": [2, 1] } },
  ];
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function outlines() {
  return [
    { id: "grids-line", type: "line", source: "grids", paint: { "line-color": INK, "line-width": 3 } },
    { id: "spots-line", type: "line", source: "spots", paint: { "line-color": ACCENT, "line-width": ["case", ["get", "chosen"], 4, 1.5] } },
    { id: "orders-line", type: "line", source: "orders", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": ORDER, "line-width": 4 } },
    { id: "orders-point", type: "circle", source: "orders", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 7, "circle-color": "#ffffff", "circle-stroke-color": ORDER, "circle-stroke-width": 4 } },
    {
      id: "grids-name", type: "symbol", source: "grids", layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 15 },
      paint: { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
  ];
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function me() {
  return [
    { id: "track", type: "line", source: "track", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": "#3d2c8d", "line-width": 3 } },
    { id: "way", type: "line", source: "way", paint: { "line-color": INK, "line-width": 3, "line-dasharray": [1, 1.2] } },
    { id: "goal", type: "circle", source: "goal", paint: { "circle-radius": 8, "circle-color": ACCENT, "circle-stroke-color": "#ffffff", "circle-stroke-width": 3 } },
    { id: "me", type: "circle", source: "me", paint: { "circle-radius": 9, "circle-color": "#0b57d0", "circle-stroke-color": "#ffffff", "circle-stroke-width": 4 } },
  ];
}
