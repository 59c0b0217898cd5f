/** The map of sites: what the filters ask for, the one that is open, and picking a place. */

import { address } from "../api.js";
import { byId } from "../dom.js";
import { bboxOf } from "../geometry.js";
import { addCaseImages, caseLayers, caseSource } from "../map/cases.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { SITE_TARGETS, siteLayers, siteSource } from "../map/sitelayers.js";
import { tiles } from "../map/style.js";
import { addStateImages } from "../sitestates.js";
import { chosenLayers, heatLayers, sitesStyle } from "./mapstyle.js";
import { params } from "./state.js";

/** @typedef {import("./state.js").PageState} PageState */
/** @typedef {import("../types.js").Bbox} Bbox */
/** @typedef {{open: (id: string) => void, openCase: (id: string) => void, moved: (view: {zoom: number, lat: number, lon: number}) => void, failed: (problem: import("../api.js").ApiError) => void}} On */

const HEAT = ["heat-clusters", "heat-sites"];
const NEAR_ZOOM = 16;

export class SitesMap {
  /** @param {HTMLElement} container @param {PageState} state @param {Bbox|null} bounds @param {On} on */
  constructor(container, state, bounds, on) {
    this.container = container;
    this.on = on;
    /** @type {((place: {lon: number, lat: number}) => void)|null} */
    this.picking = null;
    this.url = "";
    /** @type {Partial<import("maplibre-gl").MapOptions>} */
    const fitted = bounds ? { bounds, fitBoundsOptions: { padding: 32 } } : {};
    const where = state.view ? { center: state.view, zoom: state.view.zoom } : fitted;
    this.map = makeMap(container, sitesStyle(), where, on.failed);
    this.ready = new Promise((resolve) => this.map.once("style.load", resolve)).then(() => addPatterns(this.map));
    this.#wire();
  }

  #wire() {
    const { map, container } = this;
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      this.on.moved({ zoom: map.getZoom(), lat, lon: lng });
    });
    map.on("click", (event) => this.#clicked(event));
    map.on("mousemove", (event) => this.#pointed(event));
    new ResizeObserver(() => map.resize()).observe(container);
  }

  /** Show what the filters ask for. @param {PageState} state */
  async show(state) {
    await this.ready;
    const url = address("sites/{z}/{x}/{y}.mvt", params(state.asked));
    if (!this.url) this.#begin(url);
    else if (url !== this.url) /** @type {import("maplibre-gl").VectorTileSource} */ (this.map.getSource("sites")).setTiles(tiles(url));
    this.url = url;
    for (const id of HEAT) this.map.setLayoutProperty(id, "visibility", state.heat ? "visible" : "none");
    this.#showCases(state.cases);
  }

  /** @param {string} url */
  #begin(url) {
    addStateImages(this.map);
    this.map.addSource("sites", siteSource(url));
    for (const layer of heatLayers()) this.map.addLayer(layer, "names");
    for (const layer of [...siteLayers(), ...chosenLayers()]) this.map.addLayer(layer);
  }

  /** @param {boolean} wanted */
  #showCases(wanted) {
    if (wanted && !this.map.getSource("cases")) {
      addCaseImages(this.map);
      this.map.addSource("cases", caseSource());
      for (const layer of caseLayers()) this.map.addLayer(layer, "chosen-fill");
    }
    for (const { id } of caseLayers()) if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", wanted ? "visible" : "none");
  }

  /** Something was written: ask for the tiles anew. */
  refresh() {
    if (this.url) /** @type {import("maplibre-gl").VectorTileSource} */ (this.map.getSource("sites")).setTiles(tiles(this.url));
  }

  /**
   * Mark a site, and go there if it is out of sight; null: none.
   * @param {{lon: number|null, lat: number|null, outline?: GeoJSON.Geometry|null}|null} site
   */
  async choose(site) {
    await this.ready;
    const isPlaced = site !== null && site.lon !== null && site.lat !== null;
    /** @type {[number, number]|null} */
    const at = isPlaced ? [/** @type {number} */ (site.lon), /** @type {number} */ (site.lat)] : null;
    /** @type {GeoJSON.Feature[]} */
    const features = at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }] : [];
    if (site?.outline) features.push({ type: "Feature", properties: {}, geometry: site.outline });
    this.#put("chosen", features);
    if (!at || (this.map.getBounds().contains(at) && this.map.getZoom() >= NEAR_ZOOM - 3)) return;
    this.map.resize();
    if (site?.outline) this.map.fitBounds(bboxOf(site.outline), { padding: 80, maxZoom: NEAR_ZOOM + 1, duration: 0 });
    else this.map.jumpTo({ center: at, zoom: Math.max(this.map.getZoom(), NEAR_ZOOM) });
  }

  /** @param {Bbox} bbox */
  fit(bbox) {
    this.map.resize();
    this.map.fitBounds(bbox, { padding: 40, maxZoom: NEAR_ZOOM, duration: 0 });
  }

  /** Show a place that was picked or typed; null: none. @param {{lon: number, lat: number}|null} place */
  mark(place) {
    this.#put("picked", place ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.lon, place.lat] } }] : []);
  }

  /** The next click is a place; null: clicks open sites again. @param {((place: {lon: number, lat: number}) => void)|null} picked */
  pick(picked) {
    this.picking = picked;
    this.map.getCanvas().style.cursor = picked ? "crosshair" : "";
    this.map.resize();
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #clicked(event) {
    if (this.picking) return this.picking({ lon: Number(event.lngLat.lng.toFixed(6)), lat: Number(event.lngLat.lat.toFixed(6)) });
    const [found] = this.#under(event);
    if (!found) return undefined;
    if (found.source === "cases") return this.on.openCase(String(found.properties.id));
    if (found.properties.id) return this.on.open(String(found.properties.id));
    const center = /** @type {GeoJSON.Point} */ (found.geometry).coordinates;
    return void this.map.easeTo({ center: /** @type {[number, number]} */ (center), zoom: Math.min(this.map.getZoom() + 2, 14), duration: calm() ? 0 : 400 });
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #pointed(event) {
    if (this.picking) return;
    const [found] = this.#under(event);
    const tip = byId("tip");
    this.map.getCanvas().style.cursor = found ? "pointer" : "";
    tip.hidden = !found?.properties.name;
    if (tip.hidden) return;
    tip.textContent = String(found.properties.name);
    tip.style.transform = `translate(${Math.round(event.point.x + 14)}px, ${Math.round(event.point.y + 14)}px)`;
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  #under({ point }) {
    const layers = ["case-marks", ...SITE_TARGETS].filter((id) => this.map.getLayer(id));
    const reach = 6;
    return layers.length ? this.map.queryRenderedFeatures([[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]], { layers }) : [];
  }

  /** @param {string} source @param {GeoJSON.Feature[]} features */
  #put(source, features) {
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source))?.setData({ type: "FeatureCollection", features });
  }
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
