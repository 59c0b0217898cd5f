/** The map of the phone: my grids, what is covered, what is not, me and the way. Works with no network at all. */

import { Map as GlMap, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { tileBounds, TILE_SIZE, CELLS_PER_TILE } from "../engine/frame.js";
import { beforeCycle } from "../engine/shares.js";
import { LOCALE } from "../map/locale.js";
import { addPatterns } from "../map/patterns.js";
import { style } from "./mapstyle.js";

/** @typedef {import("./spots.js").Near} Near */
/** @typedef {{canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D}} Sheet */

// Below the page's own address: only there is a worker's script found without a network.
setWorkerUrl("/field/map-worker.mjs");

const WALK_ZOOM = 16.5;
/** @type {Record<string, [number, number, number, number]>} red, green, blue, alpha */
const PAINTS = { today: [16, 92, 168, 200], tracked: [36, 88, 138, 90], declared: [143, 180, 212, 130] };

export class FieldMap {
  /** @param {HTMLElement} container @param {import("./field.js").Field} field @param {(id: string) => void} choose */
  constructor(container, field, choose) {
    this.field = field;
    this.container = container;
    this.map = new GlMap({ container, style: style(), locale: LOCALE, attributionControl: false, dragRotate: false, pitchWithRotate: false, minZoom: 8, maxZoom: 20, center: [119.97, 31.81], zoom: 12, fadeDuration: 0 });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new ScaleControl({ unit: "metric", maxWidth: 100 }), "bottom-left");
    this.isReady = false;
    this.isFollowing = false;
    this.isNearing = false;
    this.isDrawing = false;
    /** @type {import("./ground.js").Ground|null} */
    this.ground = null;
    /** @type {Map<string, Sheet>} */
    this.sheets = new Map();
    this.day = -1;
    /** @type {Record<string, string>} what each source shows */
    this.shown = {};
    /** @type {[Near[], Near|null]} */
    this.latest = [[], null];
    this.map.on("dragstart", () => (this.isFollowing = false));
    this.map.on("idle", () => (container.dataset.map = "idle"));
    this.map.on("click", (event) => {
      if (this.isDrawing) return;
      const [spot] = this.map.queryRenderedFeatures(event.point, { layers: ["spots-fill"] });
      if (spot) choose(String(spot.properties.id));
    });
    this.map.once("load", () => {
      addPatterns(this.map);
      this.isReady = true;
      this.render(...this.latest);
    });
  }

  /** Keep me in the middle until the map is moved by hand. */
  follow() {
    this.isFollowing = true;
    this.isNearing = true;
    this.render(...this.latest);
  }

  showGrids() {
    this.isFollowing = false;
    const boxes = (this.ground?.grids ?? []).map((grid) => grid.bbox);
    if (!boxes.length) return;
    const [west, south] = [0, 1].map((at) => Math.min(...boxes.map((box) => box[at])));
    const [east, north] = [2, 3].map((at) => Math.max(...boxes.map((box) => box[at])));
    this.map.fitBounds([west, south, east, north], { padding: 24, duration: 0, maxZoom: 17 });
  }

  /** @param {Near[]} near @param {Near|null} target */
  render(near, target) {
    this.latest = [near, target];
    if (!this.isReady) return;
    this.map.resize();
    if (this.field.ground !== this.ground) this.#newGround();
    this.#paint();
    this.#show("spots", [near.map(({ id }) => id), target?.id], () => near.map((spot) => feature(spot.geometry, { id: spot.id, chosen: spot.id === target?.id })));
    const { lines, count } = this.field.recorder;
    this.#show("track", count, () => lines.map((line) => feature({ type: "LineString", coordinates: line })));
    const marks = this.field.outbox.items.filter((item) => item.kind === "mark");
    this.#show("marks", marks.map(({ id }) => id), () => marks.map((item) => feature(item.body.geometry)));
    const { list } = this.field.orders;
    this.#show("orders", list.map(({ id }) => id), () => list.flatMap((order) => (order.outline ? [feature(order.outline)] : order.lon === null ? [] : [feature({ type: "Point", coordinates: [order.lon, order.lat] })])));
    this.#me(target);
  }

  /** @param {Near|null} target */
  #me(target) {
    const here = this.field.position.here;
    const at = here && [here.lon, here.lat];
    const goal = target && [target.walk_to.lon, target.walk_to.lat];
    this.#show("way", [at, goal], () => (at && goal ? [feature({ type: "LineString", coordinates: [at, goal] })] : []));
    this.#show("goal", goal, () => (goal ? [feature({ type: "Point", coordinates: goal })] : []));
    this.#show("me", at, () => (at ? [feature({ type: "Point", coordinates: at })] : []));
    if (!at || !this.isFollowing || this.isDrawing) return;
    const zoom = this.map.getZoom();
    this.map.jumpTo({ center: /** @type {[number, number]} */ (at), zoom: this.isNearing ? Math.max(zoom, WALK_ZOOM) : zoom });
    this.isNearing = false;
  }

  #newGround() {
    const isFirst = !this.ground;
    this.ground = this.field.ground;
    for (const key of this.sheets.keys()) {
      this.map.removeLayer(`cells-${key}`);
      this.map.removeSource(`cells-${key}`);
    }
    this.sheets.clear();
    this.shown = {};
    this.#put("grids", (this.ground?.grids ?? []).map((grid) => feature(grid.geometry, { name: grid.name })));
    this.#put("exclusions", this.field.package?.exclusions.features ?? []);
    if (isFirst && !this.isFollowing) this.showGrids();
  }

  /** The cells of changed tiles, one pixel each. */
  #paint() {
    const { ground } = this;
    if (!ground) return;
    const day = this.field.today();
    if (day !== this.day) for (const key of ground.parts.keys()) ground.changed.add(key);
    this.day = day;
    for (const key of ground.changed) this.#paintTile(key, ground, day);
    ground.changed.clear();
  }

  /** @param {string} key @param {import("./ground.js").Ground} ground @param {number} day */
  #paintTile(key, ground, day) {
    const sheet = this.sheets.get(key) ?? this.#newSheet(key);
    const image = sheet.pen.createImageData(TILE_SIZE, TILE_SIZE);
    for (const { grid, tile } of ground.parts.get(key) ?? []) {
      const before = beforeCycle(day, grid.cycle_days);
      for (let index = 0; index < CELLS_PER_TILE; index++) {
        if (!tile.mask[index]) continue;
        const seen = tile.tracked[index];
        const paint = seen >= day ? PAINTS.today : seen > before ? PAINTS.tracked : tile.declared[index] > before ? PAINTS.declared : null;
        if (paint) image.data.set(paint, index * 4);
      }
    }
    sheet.pen.putImageData(image, 0, 0);
    const source = /** @type {import("maplibre-gl").CanvasSource} */ (this.map.getSource(`cells-${key}`));
    source.play();
    source.pause(); // takes the picture over once, without drawing the map all the time
    this.map.triggerRepaint();
  }

  /** @param {string} key @returns {Sheet} */
  #newSheet(key) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = TILE_SIZE;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    const [west, south, east, north] = tileBounds(key);
    this.map.addSource(`cells-${key}`, { type: "canvas", canvas, animate: false, coordinates: [[west, north], [east, north], [east, south], [west, south]] });
    this.map.addLayer({ id: `cells-${key}`, type: "raster", source: `cells-${key}`, paint: { "raster-resampling": "nearest", "raster-fade-duration": 0 } }, "exclusions-fill");
    const sheet = { canvas, pen };
    this.sheets.set(key, sheet);
    return sheet;
  }

  /** Give a source other features, if what they follow from has changed. @param {string} source @param {unknown} from @param {() => any[]} features */
  #show(source, from, features) {
    const key = JSON.stringify(from);
    if (this.shown[source] === key) return;
    this.shown[source] = key;
    this.#put(source, features());
  }

  /** @param {string} source @param {any[]} features */
  #put(source, features) {
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source))?.setData({ type: "FeatureCollection", features });
  }
}

/** @param {any} geometry @param {Record<string, unknown>} [properties] */
function feature(geometry, properties = {}) {
  return { type: "Feature", geometry, properties };
}
