/** The map of leads: those the filters ask for, the one that is open, and picking a place. */

import { address } from "../api.js";
import { showColours } from "../map/legend.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { tiles } from "../map/style.js";
import { ACCENT, INK } from "../palette.js";
import { chosenLayers, sitesStyle } from "../sites/mapstyle.js";
import { params } from "./state.js";

/** @typedef {import("../types.js").Bbox} Bbox */
/** @typedef {{lon: number, lat: number}} At */

const NEAR_ZOOM = 16;
const OPEN = "#e08a1e";
const TRUE = "#7a2048";
const DONE = "#7b8790";
/** @type {[text: string, colour: string][]} */
const LEGEND = [
  ["超期未答复", ACCENT],
  ["办理中", OPEN],
  ["属实、已奖励", TRUE],
  ["不属实", DONE],
];
/** @type {any} */
const COLOUR = ["case", ["get", "overdue"], ACCENT, ["match", ["get", "state"], ["true", "rewarded"], TRUE, "false", DONE, OPEN]];

export class LeadsMap {
  /** @param {HTMLElement} container @param {Bbox|null} bounds @param {(id: string) => void} open @param {(error: unknown) => void} failed */
  constructor(container, bounds, open, failed) {
    this.open = open;
    /** @type {((at: At) => void)|null} */
    this.picking = null;
    this.url = "";
    const map = makeMap(container, sitesStyle(), bounds ? { bounds, fitBoundsOptions: { padding: 32 } } : {}, failed);
    this.map = map;
    map.on("click", (event) => this.#clicked(event));
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = this.picking ? "crosshair" : this.#under(event) ? "pointer" : "";
    });
    new ResizeObserver(() => map.resize()).observe(container);
    this.ready = new Promise((resolve) => map.once("style.load", resolve)).then(() => addPatterns(map));
    showColours(LEGEND);
  }

  /** Show what the filters ask for, anew. @param {import("./state.js").Asked} asked */
  async show(asked) {
    await this.ready;
    const url = address("leads/{z}/{x}/{y}.mvt", params(asked));
    const known = /** @type {import("maplibre-gl").VectorTileSource|undefined} */ (this.map.getSource("leads"));
    if (known) known.setTiles(tiles(url));
    else this.#begin(url);
  }

  /** @param {string} url */
  #begin(url) {
    this.map.addSource("leads", { type: "vector", tiles: tiles(url), maxzoom: 16 });
    this.map.addLayer({
      id: "leads", type: "circle", source: "leads", "source-layer": "leads",
      layout: { "circle-sort-key": ["case", ["get", "overdue"], 2, ["get", "unmatched"], 1, 0] },
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 5, 14, 9], "circle-color": COLOUR, "circle-stroke-color": ["case", ["get", "unmatched"], INK, "#ffffff"], "circle-stroke-width": 2 },
    });
    for (const layer of chosenLayers()) this.map.addLayer(layer);
  }

  /** Mark a lead and go there; null: none. @param {At|null} at */
  async choose(at) {
    await this.ready;
    this.#put("chosen", at);
    if (!at) return;
    this.map.resize();
    this.map.jumpTo({ center: [at.lon, at.lat], zoom: Math.max(this.map.getZoom(), NEAR_ZOOM - 1) });
  }

  /** The next click is a place; null: clicks open leads again. @param {((at: At) => void)|null} picked */
  pick(picked) {
    this.picking = picked;
    this.map.getCanvas().style.cursor = picked ? "crosshair" : "";
    if (!picked) this.#put("picked", null);
    this.map.resize();
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #clicked(event) {
    if (this.picking) {
      const at = { lon: Number(event.lngLat.lng.toFixed(6)), lat: Number(event.lngLat.lat.toFixed(6)) };
      this.#put("picked", at);
      return this.picking(at);
    }
    const found = this.#under(event);
    return found ? this.open(String(found.properties.id)) : undefined;
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #under({ point }) {
    if (!this.map.getLayer("leads")) return undefined;
    return this.map.queryRenderedFeatures([[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]], { layers: ["leads"] })[0];
  }

  /** @param {string} source @param {At|null} at */
  #put(source, at) {
    /** @type {GeoJSON.Feature[]} */
    const features = at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [at.lon, at.lat] } }] : [];
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source))?.setData({ type: "FeatureCollection", features });
  }
}
