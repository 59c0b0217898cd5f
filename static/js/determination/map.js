/** The map of what is left out: a point each, by category; what has no place of its own stands at its unit, hollow. */

import { showColours } from "../map/legend.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { ACCENT, INK } from "../palette.js";
import { chosenLayers, sitesStyle } from "../sites/mapstyle.js";

/** @typedef {import("../types.js").Bbox} Bbox */

const NEAR_ZOOM = 15;
/** From afar a thousand of them must leave the ground to be seen. @type {any} */
const RADIUS = ["interpolate", ["linear"], ["zoom"], 9, 2, 11, 3, 14, 8];
/** @type {any} */
const RIM = ["interpolate", ["linear"], ["zoom"], 11, ["case", ["get", "roughly"], 1.5, 0.5], 14, 2];
const HOLLOW = "rgba(255,255,255,0.6)";
/** @type {[text: string, colour: string, outline?: string][]} */
const LEGEND = [
  ["区划与巡查", ACCENT],
  ["场所、线索、案件等", INK],
  ["没有确切位置，标在所属区划", HOLLOW, ACCENT],
];

export class OmissionsMap {
  /** @param {HTMLElement} container @param {Bbox|null} bounds @param {(subject: string, kind: string) => void} open @param {(error: unknown) => void} failed */
  constructor(container, bounds, open, failed) {
    const map = makeMap(container, sitesStyle(), bounds ? { bounds, fitBoundsOptions: { padding: 32 } } : {}, failed);
    this.map = map;
    map.on("click", "omissions", ({ features }) => {
      const found = features?.[0]?.properties;
      if (found) open(String(found.subject), String(found.kind));
    });
    map.on("mouseenter", "omissions", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "omissions", () => (map.getCanvas().style.cursor = ""));
    new ResizeObserver(() => map.resize()).observe(container);
    this.ready = new Promise((resolve) => map.once("style.load", resolve)).then(() => this.#begin());
    showColours(LEGEND);
  }

  async #begin() {
    await addPatterns(this.map);
    this.map.addSource("omissions", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({
      id: "omissions", type: "circle", source: "omissions",
      paint: {
        "circle-radius": RADIUS,
        "circle-color": ["case", ["get", "roughly"], HOLLOW, ["match", ["get", "category"], ["ground", "territory"], ACCENT, INK]],
        "circle-stroke-color": ["case", ["get", "roughly"], ACCENT, "#ffffff"],
        "circle-stroke-width": RIM,
      },
    });
    for (const layer of chosenLayers()) this.map.addLayer(layer);
  }

  /** @param {GeoJSON.FeatureCollection} places @param {boolean} fit go where they are */
  async show(places, fit) {
    await this.ready;
    this.#put("omissions", places.features);
    this.#put("chosen", []);
    const points = places.features.map(({ geometry }) => /** @type {GeoJSON.Point} */ (geometry).coordinates);
    if (!fit || !points.length) return;
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    this.map.resize();
    this.map.fitBounds([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], { padding: 48, maxZoom: NEAR_ZOOM, duration: 0 });
  }

  /** Mark one and go there. @param {number} lon @param {number} lat */
  async choose(lon, lat) {
    await this.ready;
    this.#put("chosen", [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lon, lat] } }]);
    this.map.jumpTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), NEAR_ZOOM) });
  }

  /** @param {string} source @param {GeoJSON.Feature[]} features */
  #put(source, features) {
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source))?.setData({ type: "FeatureCollection", features });
  }
}
