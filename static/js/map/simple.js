/** The map without WebGL: the children of the unit in view as plain polygons (Leaflet, SVG). */

import { Control, DomEvent, GeoJSON, CircleMarker, LatLngBounds, LayerGroup, Map as LeafletMap } from "leaflet";
import { getJson, Latest } from "../api.js";
import { byId, el } from "../dom.js";
import { startOf } from "../load.js";
import { percent } from "../format.js";
import { simpleLegend } from "../panel/layers.js";
import { samePlace } from "../panel/spots.js";
import { colourOf } from "./out.js";
import { ACCENT, CLASS_COLOURS, classOf, INK, WATER } from "../palette.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Status} Status */
/** @typedef {import("../types.js").Coverage} Coverage */
/** @typedef {import("../types.js").Bbox} Bbox */
/** @typedef {import("../types.js").Row} Row */

const POINT_ZOOM = 14;
const MOST_LABELS = 24;

export class SimpleMap {
  /**
   * @param {HTMLElement} container
   * @param {import("../app.js").App} app
   */
  constructor(container, app) {
    this.app = app;
    this.container = container;
    this.latest = new Latest();
    /** @type {import("../types.js").Spot[]} */
    this.spots = [];
    this.map = new LeafletMap(container, { zoomControl: false, attributionControl: false, minZoom: 5, maxZoom: 18, zoomAnimation: false });
    new Control.Zoom({ position: "bottomright", zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(this.map);
    new Control.Scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    const view = app.store.state.view;
    const start = app.status && startOf(app.status);
    if (view) this.map.setView([view.lat, view.lon], view.zoom + 1);
    else if (start) this.fit(start.bbox);
    this.water = new GeoJSON(undefined, { style: { color: WATER, fillColor: WATER, fillOpacity: 1, weight: 1 }, interactive: false }).addTo(this.map);
    this.shapes = new GeoJSON(undefined, {}).addTo(this.map);
    this.spotShapes = new GeoJSON(undefined, {}).addTo(this.map);
    this.out = new LayerGroup().addTo(this.map);
    this.mark = new CircleMarker([0, 0], { radius: 7, color: "#fff", weight: 3, fillColor: INK, fillOpacity: 1 });
    this.map.on("moveend", () => this.#moved());
    this.map.on("zoomend", () => {
      this.#drawSpots();
      this.#thinLabels();
    });
    this.map.on("click", (event) => this.#asked(event));
    simpleLegend();
    void this.#water();
  }

  async #water() {
    try {
      for (const name of ["lakes", "rivers"]) this.water.addData(await getJson(`/static/basemap/${name}.geojson`));
    } catch (error) {
      this.app.fail(error);
    }
  }

  #moved() {
    const { lat, lng } = this.map.getCenter();
    // The vector map counts zoom for tiles of 512 pixels, one less than Leaflet's 256.
    this.app.store.set({ view: { zoom: this.map.getZoom() - 1, lat, lon: lng } });
  }

  /** @param {import("leaflet").LeafletMouseEvent} event */
  #asked(event) {
    if (this.map.getZoom() >= POINT_ZOOM) this.app.askPoint(Number(event.latlng.lng.toFixed(6)), Number(event.latlng.lat.toFixed(6)));
  }

  /** @param {Bbox} bbox */
  fit([west, south, east, north]) {
    this.map.fitBounds(new LatLngBounds([south, west], [north, east]), { padding: [24, 24], maxZoom: 17, animate: false });
  }

  /** @param {{zoom: number, lat: number, lon: number}} view */
  jump(view) {
    this.map.setView([view.lat, view.lon], view.zoom + 1, { animate: false });
  }

  /** @param {Coverage} coverage @param {Status} status */
  async show(coverage, status) {
    const { state } = this.app.store;
    const isGrid = coverage.row.level === "grid";
    const code = isGrid ? coverage.row.parent_code : coverage.row.code;
    this.container.dataset.map = "busy";
    try {
      const shapes = await getJson(`/api/units/${code}/children.geojson`, { on: state.on ?? status.today }, this.latest.start());
      this.#draw(shapes, new Map([...coverage.children, coverage.row].map((row) => [row.code, row])));
      this.container.dataset.map = "idle";
    } catch (error) {
      this.app.fail(error);
    }
  }

  /** @param {GeoJSON.FeatureCollection} shapes @param {Map<string, Row>} rows */
  #draw(shapes, rows) {
    this.shapes.remove();
    this.shapes = new GeoJSON(shapes, {
      style: (feature) => shapeStyle(feature?.properties, rows.get(feature?.properties.code)),
      onEachFeature: (feature, layer) => {
        const row = rows.get(feature.properties.code);
        if (feature.properties.self || !row) return;
        layer.bindTooltip(label(row), rows.size > MOST_LABELS ? { sticky: true } : { permanent: true, direction: "center", className: "map-label" });
        layer.on("click", (event) => {
          if (this.map.getZoom() >= POINT_ZOOM) return;
          DomEvent.stopPropagation(event);
          this.app.go(row);
        });
      },
    }).addTo(this.map);
    this.shapes.eachLayer((layer) => /** @type {any} */ (layer).feature.properties.self && /** @type {any} */ (layer).bringToFront());
    this.spotShapes.bringToFront();
    this.#thinLabels();
  }

  /** Of names that would lie on each other the larger unit's stays; the table has them all. */
  #thinLabels() {
    const labels = this.shapes.getLayers().flatMap((layer) => {
      const tooltip = layer.getTooltip();
      const element = tooltip?.options.permanent ? tooltip.getElement() : undefined;
      const bounds = /** @type {import("leaflet").Polygon} */ (layer).getBounds();
      const size = (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
      return element ? [{ element, size, box: element.getBoundingClientRect() }] : [];
    });
    /** @type {DOMRect[]} */
    const taken = [];
    for (const { element, box } of labels.sort((a, b) => b.size - a.size)) {
      const isCrowded = taken.some((other) => overlap(box, other));
      element.classList.toggle("crowded", isCrowded);
      if (!isCrowded) taken.push(box);
    }
  }

  /** @param {import("../types.js").Spots} spots */
  showSpots(spots) {
    this.spots = spots.features;
    this.#drawSpots();
  }

  /** From afar blind spots are dots: their outlines would hide the figures. */
  #drawSpots() {
    const near = this.map.getZoom() >= POINT_ZOOM;
    const dots = this.spots.map((spot) => ({ ...spot, geometry: { type: "Point", coordinates: spot.properties.walk_to } }));
    this.spotShapes.remove();
    this.spotShapes = new GeoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: near ? this.spots : dots }), {
      style: { color: ACCENT, weight: 1.4, fillColor: ACCENT, fillOpacity: near ? 0.12 : 0.8 },
      pointToLayer: (_feature, at) => new CircleMarker(at, { radius: 3, interactive: false }),
      interactive: false,
    }).addTo(this.map);
    this.showChoice(this.app.store.state);
  }

  /** @param {import("../types.js").InProgress[]} patrols */
  showOut(patrols) {
    this.out.clearLayers();
    for (const { lon, lat, mode, officer_name } of patrols) {
      if (lon === null || lat === null) continue;
      const point = new CircleMarker([lat, lon], { radius: 6, color: "#fff", weight: 2, fillColor: colourOf(mode), fillOpacity: 1 });
      this.out.addLayer(officer_name ? point.bindTooltip(officer_name) : point);
    }
    this.container.dataset.out = String(this.out.getLayers().length);
  }

  /** @param {State} state */
  showChoice(state) {
    const at = state.point ?? state.spot;
    if (!at) return void this.mark.remove();
    this.mark.setLatLng([at[1], at[0]]).addTo(this.map);
    this.mark.bringToFront();
    this.spotShapes.setStyle((feature) => ({ weight: samePlace(feature?.properties.walk_to, state.spot) ? 4 : 1.4 }));
    byId("map").dataset.choice = at.join();
  }
}

/** @param {Row} row */
function label(row) {
  const figure = row.grid_count ? percent(row.covered_percent, row.shares.tracked.area_m2) : "未划分网格";
  return el("span", {}, row.name, el("br"), figure);
}

/**
 * @param {any} facts
 * @param {Row|undefined} row
 * @returns {import("leaflet").PathOptions}
 */
function shapeStyle(facts, row) {
  if (facts.self) return { color: INK, weight: 2.5, fill: false, interactive: false };
  if (!row?.grid_count) return { color: "#4c6274", weight: 1, fillColor: "#ffffff", fillOpacity: 0.6, dashArray: "3 4" };
  const k = classOf(row.covered_percent);
  return { color: "#4c6274", weight: 1, fillColor: CLASS_COLOURS[k] ?? "#ffffff", fillOpacity: 0.82 };
}

/** @param {DOMRect} a @param {DOMRect} b */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
