/** How every map of the pages begins: its controls, and what it tells the page around it. */

import { Map as GlMap, NavigationControl, ScaleControl } from "maplibre-gl";
import { errorOfTile } from "../api.js";
import { LOCALE } from "./locale.js";

/** @typedef {import("../api.js").ApiError} ApiError */

const LOOK_EVERY_MS = 100;

/**
 * A flat map with north above, its controls, and `data-map` on its container.
 * @param {HTMLElement} container
 * @param {import("maplibre-gl").StyleSpecification} style
 * @param {Partial<import("maplibre-gl").MapOptions>} where  where it begins, and how far one may go in
 * @param {(problem: ApiError) => void} failed  told when a tile did not come, unless the person is sent to sign in
 * @returns {GlMap}
 */
export function makeMap(container, style, where, failed) {
  const map = new GlMap({ container, style, locale: LOCALE, attributionControl: false, dragRotate: false, pitchWithRotate: false, maxZoom: 19, minZoom: 5, fadeDuration: 0, ...where });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
  map.on("error", (event) => {
    const { error } = event;
    // Of no source: not an answer that did not come but a fault of ours, such as a layer that MapLibre refuses.
    if (!("sourceId" in event)) return console.error(error);
    const problem = errorOfTile(error);
    if (problem) failed(problem);
  });
  tellWhenIdle(map, container);
  return map;
}

/**
 * Keep `data-map` "busy" while anything loads or moves, and "idle" once all is drawn.
 *
 * MapLibre tells "idle" only after a paint, and paints neither after a load that was dropped nor after a tile that
 * turned out unchanged. So while it is busy, look again and again whether all is there, and ask for that paint.
 * @param {GlMap} map
 * @param {HTMLElement} container
 */
function tellWhenIdle(map, container) {
  let timer = 0;
  const look = () => {
    timer = window.setTimeout(look, LOOK_EVERY_MS);
    if (map.loaded() && !map.isMoving()) map.triggerRepaint();
  };
  const rest = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const busy = () => {
    container.dataset.map = "busy";
    timer ||= window.setTimeout(look, LOOK_EVERY_MS);
  };
  map.on("dataloading", busy);
  map.on("movestart", busy);
  map.on("idle", () => {
    rest();
    container.dataset.map = "idle";
  });
  map.on("remove", rest);
  busy();
}
