/** The map of a list's rows: counted from afar, single near by. */

import { address } from "../api.js";
import { showColours } from "../map/legend.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { FONTS, tiles } from "../map/style.js";
import { chosenLayers, sitesStyle } from "../sites/mapstyle.js";
import { params } from "./state.js";
import { ABSENT, CHECKED, DOUBTFUL, UNCHECKED } from "./words.js";

/** @typedef {import("../types.js").Bbox} Bbox */
/** @typedef {{lon: number, lat: number}} At */

const NEAR_ZOOM = 16;
const MATCHED = "#d58a72";

/** @type {[text: string, colour: string][]} */
const LEGEND = [
  ["已检查", CHECKED],
  ["查无此企业", ABSENT],
  ["待确认", DOUBTFUL],
  ["已匹配，未检查", MATCHED],
  ["未匹配", UNCHECKED],
];
/** @type {any} */
const COLOUR = ["match", ["get", "state"], "absent", ABSENT, "doubtful", DOUBTFUL, "matched", ["case", ["get", "checked"], CHECKED, MATCHED], UNCHECKED];

export class RowsMap {
  /** @param {HTMLElement} container @param {Bbox|null} bounds @param {(id: string) => void} open @param {(error: unknown) => void} failed */
  constructor(container, bounds, open, failed) {
    this.open = open;
    const map = makeMap(container, sitesStyle(), bounds ? { bounds, fitBoundsOptions: { padding: 32 } } : {}, failed);
    this.map = map;
    map.on("click", (event) => this.#clicked(event));
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.#under(event) ? "pointer" : "";
    });
    new ResizeObserver(() => map.resize()).observe(container);
    this.ready = new Promise((resolve) => map.once("style.load", resolve)).then(() => addPatterns(map));
    showColours(LEGEND);
  }

  /** Show a list's rows, anew. @param {string} list @param {import("./types.js").Asked} asked */
  async show(list, asked) {
    await this.ready;
    const { state, checked } = params(asked);
    const url = address("baseline-rows/{z}/{x}/{y}.mvt", { baseline: list, state, checked, at: Date.now() });
    const known = /** @type {import("maplibre-gl").VectorTileSource|undefined} */ (this.map.getSource("rows"));
    if (known) known.setTiles(tiles(url));
    else this.#begin(url);
  }

  /** @param {string} url */
  #begin(url) {
    this.map.addSource("rows", { type: "vector", tiles: tiles(url), maxzoom: 16 });
    this.map.addLayer({
      id: "clusters", type: "circle", source: "rows", "source-layer": "clusters",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 8, 5, 14, 30, 26],
        "circle-color": ["interpolate", ["linear"], ["/", ["get", "unchecked"], ["get", "count"]], 0, CHECKED, 1, UNCHECKED],
        "circle-opacity": 0.85, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5,
      },
    });
    this.map.addLayer({
      id: "clusters-count", type: "symbol", source: "rows", "source-layer": "clusters",
      layout: { "text-field": ["to-string", ["get", "count"]], "text-font": FONTS, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": "#ffffff" },
    });
    this.map.addLayer({
      id: "rows", type: "circle", source: "rows", "source-layer": "rows",
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 6, 16, 10], "circle-color": COLOUR, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    });
    for (const layer of chosenLayers()) this.map.addLayer(layer);
  }

  /** Go where a list's rows lie. @param {Bbox|null} bounds */
  fit(bounds) {
    if (bounds) this.map.fitBounds(bounds, { padding: 48, maxZoom: NEAR_ZOOM - 1, animate: false });
  }

  /** Mark a row and go there; null: none. @param {At|null} at */
  async choose(at) {
    await this.ready;
    /** @type {GeoJSON.Feature[]} */
    const features = at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [at.lon, at.lat] } }] : [];
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource("chosen"))?.setData({ type: "FeatureCollection", features });
    this.map.resize();
    if (at) this.map.jumpTo({ center: [at.lon, at.lat], zoom: Math.max(this.map.getZoom(), NEAR_ZOOM - 1) });
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #clicked(event) {
    const found = this.#under(event);
    if (!found) return;
    if (found.layer.id === "rows") this.open(String(found.properties.id));
    else this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #under({ point }) {
    if (!this.map.getLayer("rows")) return undefined;
    return this.map.queryRenderedFeatures([[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]], { layers: ["rows", "clusters"] })[0];
  }
}
