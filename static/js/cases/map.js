/** The map of cases: pins by state; of the case that is open its chain as lines. */

import { byId, el } from "../dom.js";
import { caseMark, CASE_LOOKS } from "../map/caselooks.js";
import { addCaseImages, caseLayers } from "../map/cases.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { FONTS, style, tiles } from "../map/style.js";
import { INK } from "../palette.js";
import { showMapTrouble } from "../session.js";

/** @typedef {import("./types.js").Graph} Graph */
/** @typedef {import("maplibre-gl").LayerSpecification} LayerSpecification */

const KEPT = ["paper", "lakes", "rivers", "grids-line", "units-line", "parents-line", "lake-names", "names"];
const SOURCES = ["lakes", "rivers", "units", "grids", "labels"];
const CHAIN = "#7a2ea0";

export class CasesMap {
  /** @param {HTMLElement} container @param {[number, number, number, number]|null} bounds @param {(id: string) => void} open */
  constructor(container, bounds, open) {
    this.container = container;
    this.query = "";
    this.map = makeMap(container, casesStyle(), bounds ? { bounds, fitBoundsOptions: { padding: 32 } } : {}, showMapTrouble);
    this.ready = new Promise((resolve) => this.map.once("style.load", resolve)).then(() => {
      addPatterns(this.map);
      addCaseImages(this.map);
    });
    for (const layer of ["case-marks", "chain-ends"]) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => (this.map.getCanvas().style.cursor = ""));
    }
    this.map.on("click", "case-marks", (event) => open(String(event.features?.[0]?.properties.id)));
    byId("legend").replaceChildren(...Object.entries(CASE_LOOKS).map(([state, [word]]) => el("li", {}, caseMark(state), word)));
  }

  /** Draw the cases that the list is asked for. @param {URLSearchParams} query */
  async ask(query) {
    await this.ready;
    if (this.query === `${query}`) return;
    this.query = `${query}`;
    const source = /** @type {import("maplibre-gl").VectorTileSource} */ (this.map.getSource("cases"));
    source.setTiles(tiles(`cases/{z}/{x}/{y}.mvt${this.query ? `?${this.query}` : ""}`));
  }

  /** What a case's state changed in may stand in tiles that are here already. */
  async again() {
    const asked = this.query;
    this.query = "-";
    await this.ask(new URLSearchParams(asked));
  }

  /** The chain of the open case; null: none is open. @param {Graph|null} graph */
  async chain(graph) {
    await this.ready;
    const placed = new Map((graph?.nodes ?? []).filter((node) => node.lon !== null).map((node) => [node.key, node]));
    const at = (/** @type {string} */ key) => [Number(placed.get(key)?.lon), Number(placed.get(key)?.lat)];
    const lines = (graph?.edges ?? []).filter((edge) => placed.has(edge.source) && placed.has(edge.target)).map((edge) => feature({ type: "LineString", coordinates: [at(edge.source), at(edge.target)] }, { text: edge.text }));
    const ends = [...placed.values()].map((node) => feature({ type: "Point", coordinates: at(node.key) }, { name: node.name, middle: node.hop === 0, known: node.case_id !== null }));
    this.#put("chain", [...lines, ...ends]);
    this.map.resize();
    if (!placed.size) return;
    const near = [...placed.values()].filter((node) => node.hop < 2);
    const [lons, lats] = [near.map((node) => Number(node.lon)), near.map((node) => Number(node.lat))];
    this.map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: { top: 96, bottom: 56, left: 64, right: 64 }, duration: 0, maxZoom: 15 });
  }

  /** @param {[number, number, number, number]|null} bounds */
  fit(bounds) {
    this.map.resize();
    if (bounds) this.map.fitBounds(bounds, { padding: { top: 88, bottom: 48, left: 48, right: 48 }, duration: 0, maxZoom: 15 });
  }

  /** @param {string} source @param {GeoJSON.Feature[]} features */
  #put(source, features) {
    const known = /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source));
    known?.setData({ type: "FeatureCollection", features });
  }
}

/** @param {GeoJSON.Geometry} geometry @param {Record<string, unknown>} properties @returns {GeoJSON.Feature} */
function feature(geometry, properties) {
  return { type: "Feature", properties, geometry };
}

/** @returns {import("maplibre-gl").StyleSpecification} */
function casesStyle() {
  const known = style();
  const sources = Object.fromEntries(Object.entries(known.sources).filter(([name]) => SOURCES.includes(name)));
  const layers = known.layers.filter((layer) => KEPT.includes(layer.id)).map((layer) => (layer.id === "grids-line" ? { ...layer, paint: { "line-color": "#93a3ad", "line-width": 0.8 } } : layer));
  return {
    ...known,
    sources: { ...sources, cases: { type: "vector", tiles: tiles("cases/{z}/{x}/{y}.mvt"), maxzoom: 16 }, chain: { type: "geojson", data: { type: "FeatureCollection", features: [] } } },
    layers: [.../** @type {LayerSpecification[]} */ (layers), ...chainLines(), ...caseLayers(), ...chainEnds()],
  };
}

/** @returns {LayerSpecification[]} */
function chainLines() {
  const line = /** @type {const} */ (["==", ["geometry-type"], "LineString"]);
  return [
    { id: "chain-halo", type: "line", source: "chain", filter: /** @type {any} */ (line), paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 } },
    { id: "chain-lines", type: "line", source: "chain", filter: /** @type {any} */ (line), paint: { "line-color": CHAIN, "line-width": 2.6, "line-dasharray": [3, 1.4] } },
    { id: "chain-words", type: "symbol", source: "chain", filter: /** @type {any} */ (line), layout: { "symbol-placement": "line-center", "text-field": ["get", "text"], "text-font": FONTS, "text-size": 12 }, paint: { "text-color": CHAIN, "text-halo-color": "#ffffff", "text-halo-width": 2 } },
  ];
}

/** @returns {LayerSpecification[]} */
function chainEnds() {
  /** @type {any} */
  const point = ["==", ["geometry-type"], "Point"];
  return [
    { id: "chain-ends", type: "circle", source: "chain", filter: ["all", point, ["!", ["get", "known"]]], paint: { "circle-radius": 6, "circle-color": "#ffffff", "circle-stroke-color": CHAIN, "circle-stroke-width": 2.5 } },
    { id: "chain-middle", type: "circle", source: "chain", filter: ["all", point, ["get", "middle"]], paint: { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": INK, "circle-stroke-width": 2.5, "circle-translate": [0, -12] } },
    { id: "chain-names", type: "symbol", source: "chain", filter: point, layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12, "text-anchor": "top", "text-offset": [0, 1.1], "text-optional": true }, paint: { "text-color": CHAIN, "text-halo-color": "#ffffff", "text-halo-width": 1.8 } },
  ];
}
