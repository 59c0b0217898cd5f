/** What was really seen, day after day: pictures of the next days load unseen, so that none is shown half. */

import { address } from "../api.js";
import { NEAR_ZOOM, tiles } from "./style.js";

const BUFFERS = 3;
const LAYER = "freshness";

export class Reel {
  /** @param {import("maplibre-gl").Map} map */
  constructor(map) {
    this.map = map;
    /** Which day each buffer holds. @type {string[]} */
    this.days = Array(BUFFERS).fill("");
    this.isOn = false;
  }

  /** Take the place of the map's own layer, when that is to be seen. @param {boolean} isWanted */
  begin(isWanted) {
    this.isOn = isWanted;
    if (!isWanted) return;
    for (let index = 0; index < BUFFERS; index++) if (!this.map.getLayer(idOf(index))) this.#add(index);
    for (let index = 0; index < BUFFERS; index++) this.map.setLayoutProperty(idOf(index), "visibility", "visible");
    this.days.fill("");
  }

  /** Give the place back. */
  end() {
    if (!this.isOn) return;
    this.isOn = false;
    for (let index = 0; index < BUFFERS; index++) this.map.setLayoutProperty(idOf(index), "visibility", "none");
  }

  /** @param {number} index */
  #add(index) {
    const id = idOf(index);
    this.map.addSource(id, { type: "raster", tiles: [], minzoom: NEAR_ZOOM, maxzoom: 15, tileSize: 256 });
    this.map.addLayer(
      { id, type: "raster", source: id, minzoom: NEAR_ZOOM, paint: { "raster-resampling": "nearest", "raster-fade-duration": 0, "raster-opacity": 0, "raster-opacity-transition": { duration: 0 } } },
      LAYER,
    );
  }

  /** Begin to load a day into a buffer that is not shown. @param {string} on @param {number|null} cycle_days @param {string[]} keep days that are not to be dropped for it */
  load(on, cycle_days, keep) {
    if (!this.#isSeen() || this.days.includes(on)) return;
    const index = this.days.findIndex((day) => !keep.includes(day));
    if (index < 0) return;
    this.days[index] = on;
    const source = /** @type {import("maplibre-gl").RasterTileSource} */ (this.map.getSource(idOf(index)));
    source.setTiles(tiles(address("freshness/{z}/{x}/{y}.png", { on, cycle_days }).replaceAll("%7B", "{").replaceAll("%7D", "}")));
  }

  /** Show a day as soon as all of it is there. @param {string} on @param {number|null} cycle_days @param {string[]} keep */
  async show(on, cycle_days, keep) {
    if (!this.#isSeen()) return;
    this.load(on, cycle_days, keep);
    const shown = this.days.indexOf(on);
    if (shown < 0) return;
    await this.#loaded(idOf(shown));
    for (let index = 0; index < BUFFERS; index++) this.map.setPaintProperty(idOf(index), "raster-opacity", index === shown ? 1 : 0);
  }

  #isSeen() {
    return this.isOn && this.map.getZoom() >= NEAR_ZOOM;
  }

  /** @param {string} id */
  #loaded(id) {
    if (this.map.isSourceLoaded(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (this.isOn && !this.map.isSourceLoaded(id)) return;
        this.map.off("sourcedata", look);
        this.map.off("error", look);
        resolve(undefined);
      };
      this.map.on("sourcedata", look);
      this.map.on("error", look);
    });
  }
}

/** @param {number} index */
function idOf(index) {
  return `reel-${index}`;
}
