/** Patrols in progress on the vector map: a point each, with the officer's name for those who may know it. */

import { DRONE, FOOT, INK, VEHICLE } from "../palette.js";

/** @typedef {import("../types.js").InProgress} InProgress */

const NAMES_FROM = 11;

export class OutLayer {
  /** @param {import("maplibre-gl").Map} map whose style is loaded @param {string[]} fonts */
  constructor(map, fonts) {
    this.map = map;
    map.addSource("out", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({
      id: "out-halo", type: "circle", source: "out",
      paint: { "circle-radius": 11, "circle-color": ["get", "colour"], "circle-opacity": ["match", ["get", "state"], "paused", 0.12, 0.25] },
    });
    map.addLayer({
      id: "out", type: "circle", source: "out",
      paint: { "circle-radius": 5.5, "circle-color": ["get", "colour"], "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    });
    map.addLayer({
      id: "out-names", type: "symbol", source: "out", minzoom: NAMES_FROM,
      layout: { "text-field": ["get", "name"], "text-font": fonts, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true },
      paint: { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    });
  }

  /** @param {InProgress[]} patrols */
  show(patrols) {
    /** @type {any[]} */
    const features = patrols.filter((each) => each.lon !== null && each.lat !== null).map((each) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [each.lon, each.lat] },
      properties: { colour: colourOf(each.mode), state: each.state, name: each.officer_name ?? "" },
    }));
    /** @type {import("maplibre-gl").GeoJSONSource} */ (this.map.getSource("out")).setData({ type: "FeatureCollection", features });
    this.map.getContainer().dataset.out = String(features.length);
  }
}

/** @param {string} mode */
export function colourOf(mode) {
  return { vehicle: VEHICLE, drone: DRONE }[mode] ?? FOOT;
}
