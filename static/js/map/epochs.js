/** From which day tiles of grids differ: the date slider asks for other geometry only when there is other geometry. */

import { getJson } from "../api.js";

export class Epochs {
  constructor() {
    /** @type {string[]} */
    this.days = [];
    this.version = -1;
  }

  /**
   * The day that stands for `on` in tile addresses, or "" before the first one.
   * @param {string} on
   * @param {number} territoryVersion
   */
  async of(on, territoryVersion) {
    if (this.version !== territoryVersion) {
      this.days = (await getJson("/api/tiles/epochs")).epochs;
      this.version = territoryVersion;
    }
    return this.days.filter((day) => day <= on).at(-1) ?? on;
  }
}
