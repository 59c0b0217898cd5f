/** The ground below the sites, the heat of risk, and what was chosen. */

import { ACCENT, INK } from "../palette.js";
import { style } from "../map/style.js";

/** @typedef {import("maplibre-gl").LayerSpecification} LayerSpecification */

const KEPT = ["paper", "lakes", "rivers", "grids-line", "units-line", "parents-line", "lake-names", "names"];
const SOURCES = ["lakes", "rivers", "units", "grids", "labels"];
const HEAT = ["#fee391", "#fe9929", "#cc4c02", "#662506"];

/** The main map's ground and borders with the sites above. @returns {import("maplibre-gl").StyleSpecification} */
export function sitesStyle() {
  const known = style();
  const sources = Object.fromEntries(Object.entries(known.sources).filter(([name]) => SOURCES.includes(name)));
  const layers = /** @type {LayerSpecification[]} */ (
    known.layers.filter((layer) => KEPT.includes(layer.id)).map(quiet)
  );
  /** @type {any} */
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { ...known, sources: { ...sources, chosen: empty, picked: empty }, layers };
}

/** Thin lines of grids, and no names of theirs: what matters here are sites. @param {LayerSpecification} layer */
function quiet(layer) {
  if (layer.id === "grids-line") return { ...layer, paint: { "line-color": "#b9c4cb", "line-width": 0.8 } };
  return layer.id === "names" ? { ...layer, filter: ["!=", ["get", "level"], "grid"] } : layer;
}

/** @returns {LayerSpecification[]} */
export function heatLayers() {
  return ["clusters", "sites"].map((name) => ({
    id: `heat-${name}`, type: "heatmap", source: "sites", "source-layer": name, layout: { visibility: "none" },
    paint: {
      "heatmap-weight": ["interpolate", ["linear"], ["coalesce", ["get", "heat"], 0], 0, 0, name === "clusters" ? 200 : 3, 1],
      "heatmap-radius": name === "clusters" ? 42 : ["interpolate", ["linear"], ["zoom"], 12, 40, 17, 90],
      "heatmap-intensity": name === "clusters" ? 2 : 1.6,
      "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(254,227,145,0)", 0.2, HEAT[0], 0.45, HEAT[1], 0.7, HEAT[2], 1, HEAT[3]],
      "heatmap-opacity": 0.75,
    },
  }));
}

/** What was chosen or picked, above all. @returns {LayerSpecification[]} */
export function chosenLayers() {
  return [
    { id: "chosen-fill", type: "line", source: "chosen", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": INK, "line-width": 3 } },
    { id: "chosen-ring", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 19, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": INK, "circle-stroke-width": 3 } },
    { id: "picked-ring", type: "circle", source: "picked", paint: { "circle-radius": 9, "circle-color": "#ffffff", "circle-stroke-color": ACCENT, "circle-stroke-width": 4 } },
  ];
}
