/** The vector map, as the page sees it. */

import { address, getJson, Latest } from "../api.js";
import { debounced } from "../dom.js";
import { startOf } from "../load.js";
import { LayerPanel, layersFor } from "../panel/layers.js";
import { samePlace } from "../panel/spots.js";
import { clickOn, hoverOn } from "./click.js";
import { CoverageColours } from "./coverage.js";
import { Epochs } from "./epochs.js";
import { makeMap } from "./making.js";
import { OutLayer } from "./out.js";
import { addPatterns } from "./patterns.js";
import { FILL_OPACITY, FONTS, GRID_ZOOM, heldStyle, NEAR_ZOOM, showSwitched, tiles } from "./style.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Status} Status */
/** @typedef {import("../types.js").Coverage} Coverage */
/** @typedef {import("../types.js").Spot} Spot */
/** @typedef {import("../types.js").Bbox} Bbox */

const USUAL_WINDOW_DAYS = 15;
const LONGEST_WINDOW_DAYS = 31;

export class VectorMap {
  /**
   * @param {HTMLElement} container
   * @param {import("../app.js").App} app
   */
  constructor(container, app) {
    this.app = app;
    this.container = container;
    const view = app.store.state.view;
    const start = app.status && startOf(app.status);
    const fitted = start ? { bounds: start.bbox, fitBoundsOptions: { padding: room() } } : {};
    const where = view ? { center: view, zoom: view.zoom } : fitted;
    this.map = makeMap(container, heldStyle(), { maxZoom: 18, ...where }, (problem) => this.#failed(problem));
    this.colours = new CoverageColours(this.map);
    this.epochs = new Epochs();
    this.near = new Latest();
    this.panel = new LayerPanel(layersFor(app.person), (layers) => app.store.set({ layers }));
    /** @type {Spot[]} */
    this.listed = [];
    /** @type {Record<string, string>} */
    this.shown = {};
    /** @type {OutLayer|null} */
    this.out = null;
    /** @type {import("./things.js").Things|null} sites and cases, once one of them was switched on */
    this.things = null;
    /** @type {import("./playback.js").Playback|null} once it was opened */
    this.playback = null;
    app.sliders.offerPlay(() => void this.#guard(this.play(!calm())));
    this.ready = new Promise((resolve) => this.map.once("style.load", resolve)).then(() => addPatterns(this.map));
    this.nearSoon = debounced(200, () => void this.#guard(this.#loadNear()));
    this.#wire();
  }

  #wire() {
    const { map, app } = this;
    map.on("moveend", () => this.#moved());
    map.on("click", (event) => clickOn(this, app, event));
    map.on("mousemove", (event) => hoverOn(this, event));
    map.on("mouseout", () => hoverOn(this, null));
  }

  /** @param {import("../api.js").ApiError} problem */
  #failed(problem) {
    // A tile that found no server: the banner tells; anything else is a fault of ours and must be seen.
    if (problem.offline) void this.app.probe();
    else this.app.fail(problem);
  }

  #moved() {
    const { lng, lat } = this.map.getCenter();
    this.app.store.set({ view: { zoom: this.map.getZoom(), lat, lon: lng } });
    this.panel.zoomed(this.map.getZoom());
    if (this.playback?.isRunning) return;
    const { state } = this.app.store;
    if (this.app.status) void this.#guard(this.colours.show(state, this.app.status));
    this.nearSoon();
  }

  /** @param {Promise<unknown>} work */
  async #guard(work) {
    try {
      await work;
    } catch (error) {
      this.app.fail(error);
    }
  }

  /** @param {Bbox} bbox @param {boolean} [besideCard] */
  fit(bbox, besideCard = false) {
    this.map.fitBounds(bbox, { padding: room(besideCard), duration: calm() ? 0 : 800, maxZoom: 16 });
  }

  /** @param {{zoom: number, lat: number, lon: number}} view */
  jump(view) {
    this.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
  }

  /** @param {Coverage} coverage @param {Status} status */
  show(coverage, status) {
    void this.#guard(this.#show(coverage, status));
  }

  /** @param {Coverage} coverage @param {Status} status */
  async #show(coverage, status) {
    await this.ready;
    if (this.playback?.isRunning) return;
    await this.#showDay(status);
    if (this.playback?.isRunning) return;
    // Read only now: a switch may have been turned while the answer was on its way.
    const { state } = this.app.store;
    this.panel.show(state.layers, this.map.getZoom());
    const allowed = layersFor(this.app.person).filter((name) => state.layers.includes(name));
    showSwitched(this.map, allowed);
    this.#showOneColouring(state);
    if (this.things || allowed.includes("sites") || allowed.includes("cases")) await this.#showThings(allowed);
    for (const name of ["units", "parents", "grids"]) {
      for (const id of [`chosen-${name}-halo`, `chosen-${name}`]) this.map.setFilter(id, ["==", ["get", "code"], coverage.row.code]);
    }
    await this.colours.show(state, status);
  }

  /** Loaded when first wanted: the page is as quick as ever without. @param {import("../types.js").LayerName[]} layers */
  async #showThings(layers) {
    const { Things } = await import("./things.js");
    this.things ??= new Things(this.map);
    this.things.show(layers);
  }

  /** One colouring at a time: grids hide units, and what was really seen hides both. @param {State} state */
  #showOneColouring({ layers }) {
    const seen = layers.includes("freshness");
    this.map.setLayerZoomRange("units-fill", 0, layers.includes("grids") ? GRID_ZOOM : seen ? NEAR_ZOOM : 24);
    this.map.setPaintProperty("grids-fill", "fill-opacity", seen ? ["step", ["zoom"], FILL_OPACITY, NEAR_ZOOM, 0] : FILL_OPACITY);
    this.map.setPaintProperty("grids-line", "line-color", seen ? ["step", ["zoom"], "#ffffff", NEAR_ZOOM, "#7b8d9a"] : "#ffffff");
  }

  /** Tell the sources where to ask for the day in view. @param {Status} status */
  async #showDay(status) {
    const { state } = this.app.store;
    const on = state.on ?? status.today;
    const epoch = await this.epochs.of(on, status.territory_version);
    const days = Math.min(state.cycle ?? USUAL_WINDOW_DAYS, LONGEST_WINDOW_DAYS);
    this.panel.window(days);
    const { territory_version: t, change_number: c } = status;
    this.#point("units", "units/{z}/{x}/{y}.mvt", { t });
    this.#pointByEpoch(epoch, t);
    this.#point("defects", "defects/{z}/{x}/{y}.mvt", { t });
    this.#point("tracks", "tracks/{z}/{x}/{y}.mvt", { on, days, c });
    this.#point("freshness", "freshness/{z}/{x}/{y}.png", { on, cycle_days: state.cycle, c });
  }

  /** Only the ground as it was divided on a day; the rest of the map stays. @param {string} on @param {Status} status */
  async showGround(on, status) {
    this.#pointByEpoch(await this.epochs.of(on, status.territory_version), status.territory_version);
  }

  /** @param {string} epoch @param {number} t territory version */
  #pointByEpoch(epoch, t) {
    for (const name of ["labels", "grids", "exclusions"]) this.#point(name, `${name}/{z}/{x}/{y}.mvt`, { on: epoch, t });
  }

  /** Open the bar that plays back the last days; loaded when first wanted. @param {boolean} run begin at once */
  async play(run) {
    const { Playback } = await import("./playback.js");
    await this.ready;
    this.playback ??= new Playback(this, this.app);
    this.playback.open(run);
  }

  /**
   * Point a source at other tiles, if they are others.
   * @param {string} source
   * @param {string} path
   * @param {Record<string, string|number|null>} params
   */
  #point(source, path, params) {
    const url = address(path, params);
    if (this.shown[source] === url) return;
    this.shown[source] = url;
    /** @type {import("maplibre-gl").VectorTileSource} */ (this.map.getSource(source)).setTiles(tiles(url));
  }

  /** @param {import("../types.js").Spots} spots */
  showSpots(spots) {
    this.listed = spots.features;
    void this.#guard(this.ready.then(() => this.#loadNear()));
  }

  /** @param {import("../types.js").InProgress[]} patrols */
  showOut(patrols) {
    void this.#guard(this.ready.then(() => (this.out ??= new OutLayer(this.map, FONTS)).show(patrols)));
  }

  async #loadNear() {
    const { state } = this.app.store;
    const signal = this.near.start();
    /** @type {Spot[]} */
    let near = [];
    if (this.map.getZoom() >= NEAR_ZOOM && state.layers.includes("spots")) {
      const bbox = this.map.getBounds().toArray().flat().map((part) => part.toFixed(5)).join(",");
      near = (await getJson("/api/blind-spots", { bbox, cycle_days: state.cycle, on: state.on, limit: 500 }, signal)).features;
    }
    const all = new Map([...this.listed, ...near].map((spot) => [spot.properties.walk_to.join(), spot]));
    this.#put("spots", [...all.values()].map((spot) => ({ ...spot, properties: { ...spot.properties, walk: spot.properties.walk_to.join() } })));
    this.#put("walk", [...all.values()].map((spot) => ({
      type: "Feature", geometry: { type: "Point", coordinates: spot.properties.walk_to }, properties: { area_m2: spot.properties.area_m2, walk: spot.properties.walk_to.join() },
    })));
    this.spots = [...all.values()];
    this.showChoice(state);
  }

  /** Mark the chosen blind spot or point. @param {State} state */
  showChoice(state) {
    const spot = this.spots?.find((each) => samePlace(each.properties.walk_to, state.spot));
    const at = state.point ?? state.spot;
    /** @type {any[]} */
    const features = at ? [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} }] : [];
    if (spot) features.push({ type: "Feature", geometry: spot.geometry, properties: {} });
    this.#put("chosen", features);
  }

  /** @param {string} source @param {any[]} features */
  #put(source, features) {
    /** @type {import("maplibre-gl").GeoJSONSource|undefined} */ (this.map.getSource(source))?.setData({ type: "FeatureCollection", features });
  }
}

/** Room left free around what is fitted: for the legend on the right, and the card (on a phone it lies below). */
function room(besideCard = false) {
  const wide = matchMedia("(min-width: 1100px)").matches;
  const phone = matchMedia("(max-width: 760px)").matches;
  return { top: 32, bottom: besideCard && phone ? 240 : 48, left: besideCard && wide ? 368 : 32, right: wide ? 232 : 32 };
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
