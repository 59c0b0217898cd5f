/** The map of one day: colours of units and grids, or what was really seen. Two of them move as one. */

import { address } from "../api.js";
import { CoverageColours } from "../map/coverage.js";
import { makeMap } from "../map/making.js";
import { addPatterns } from "../map/patterns.js";
import { FILL_OPACITY, GRID_ZOOM, heldStyle, NEAR_ZOOM, showSwitched, tiles } from "../map/style.js";

/** @typedef {import("../types.js").Status} Status */
/** @typedef {import("./state.js").Look} Look */

/** @type {import("../types.js").LayerName[]} */
const SHOWN = ["units", "grids", "exclusions"];

export class DayMap {
  /**
   * @param {HTMLElement} container
   * @param {import("../types.js").Bbox} bbox where it begins
   * @param {(error: unknown) => void} fail
   */
  constructor(container, bbox, fail) {
    this.container = container;
    this.fail = fail;
    this.map = makeMap(container, heldStyle(), { maxZoom: 18, bounds: bbox, fitBoundsOptions: { padding: 24 } }, fail);
    this.colours = new CoverageColours(this.map);
    this.ready = new Promise((resolve) => this.map.once("style.load", resolve)).then(() => addPatterns(this.map));
    this.map.on("moveend", () => void this.#recolour());
    /** @type {{state: any, status: Status}|null} what it shows */
    this.shown = null;
  }

  /** @param {string} on @param {string} epoch the day that stands for it in addresses of tiles @param {Look} look @param {Status} status */
  async show(on, epoch, look, status) {
    await this.ready;
    const isSeen = look === "seen";
    this.map.setLayerZoomRange("units-fill", 0, isSeen ? NEAR_ZOOM : GRID_ZOOM);
    this.map.setPaintProperty("grids-fill", "fill-opacity", isSeen ? ["step", ["zoom"], FILL_OPACITY, NEAR_ZOOM, 0] : FILL_OPACITY);
    this.map.setPaintProperty("grids-line", "line-color", isSeen ? ["step", ["zoom"], "#ffffff", NEAR_ZOOM, "#7b8d9a"] : "#ffffff");
    const { territory_version: t, change_number: c } = status;
    this.#point("units", "units/{z}/{x}/{y}.mvt", { t });
    for (const name of ["labels", "grids", "exclusions"]) this.#point(name, `${name}/{z}/{x}/{y}.mvt`, { on: epoch, t });
    this.#point("freshness", "freshness/{z}/{x}/{y}.png", { on, c });
    showSwitched(this.map, isSeen ? [...SHOWN, "freshness"] : SHOWN);
    this.shown = { state: { cycle: null, on: on === status.today ? null : on }, status };
    await this.colours.show(this.shown.state, status);
  }

  /** @param {string} source @param {string} path @param {Record<string, string|number|null>} params */
  #point(source, path, params) {
    const wanted = tiles(address(path, params));
    const held = /** @type {import("maplibre-gl").VectorTileSource} */ (this.map.getSource(source));
    if (held.tiles?.[0] !== wanted[0]) held.setTiles(wanted);
  }

  async #recolour() {
    try {
      if (this.shown) await this.colours.show(this.shown.state, this.shown.status);
    } catch (error) {
      this.fail(error);
    }
  }
}

/** Let two maps show the same place always. @param {import("maplibre-gl").Map} one @param {import("maplibre-gl").Map} other */
export function tie(one, other) {
  let isFollowing = false;
  const follow = (/** @type {import("maplibre-gl").Map} */ leader, /** @type {import("maplibre-gl").Map} */ follower) => () => {
    if (isFollowing) return;
    isFollowing = true;
    follower.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() });
    isFollowing = false;
  };
  one.on("move", follow(one, other));
  other.on("move", follow(other, one));
}
