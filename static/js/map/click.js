/** What a click on the map means: a site or case, a blind spot, else from near "who looked here last", else one step down the tree. */

import { percent } from "../format.js";
import { byId } from "../dom.js";
import { POINT_ZOOM } from "./style.js";

/** @typedef {import("./view.js").VectorMap} VectorMap */

/**
 * @param {VectorMap} view
 * @param {import("../app.js").App} app
 * @param {import("maplibre-gl").MapMouseEvent} event
 */
export function clickOn(view, app, event) {
  const { map } = view;
  const thing = view.things?.at(event.point);
  if (thing) return thing.card ? app.card.tell(thing.card) : void map.easeTo({ center: thing.center, zoom: map.getZoom() + 2 });
  const [spot] = map.queryRenderedFeatures(event.point, { layers: ["spots-dot"] });
  if (spot) return choose(view, app, String(spot.properties.walk));
  if (map.getZoom() >= POINT_ZOOM) {
    const { lng, lat } = event.lngLat;
    return app.askPoint(Number(lng.toFixed(6)), Number(lat.toFixed(6)));
  }
  const [unit] = map.queryRenderedFeatures(event.point, { layers: ["units-fill", "units-none", "grids-fill"] });
  if (!unit) return undefined;
  const isGrid = unit.source === "grids";
  const code = isGrid ? String(unit.properties.parent_code) : String(unit.properties.code);
  return app.go({ code, level: "unit" });
}

/** @param {VectorMap} view @param {import("../app.js").App} app @param {string} walk */
function choose(view, app, walk) {
  const spot = view.spots?.find((each) => each.properties.walk_to.join() === walk);
  if (spot) app.chooseSpot(spot);
}

/**
 * Name and figure under the mouse.
 * @param {VectorMap} view
 * @param {import("maplibre-gl").MapMouseEvent|null} event null: the mouse has left
 */
export function hoverOn(view, event) {
  const tip = byId("tip");
  const layers = ["units-fill", "units-none", "grids-fill"];
  const found = event && view.map.getLayer(layers[0]) ? view.map.queryRenderedFeatures(event.point, { layers }) : [];
  const top = found.find((feature) => feature.source === "grids") ?? found[0];
  tip.hidden = !top;
  view.map.getCanvas().style.cursor = top ? "pointer" : "";
  if (!top || !event) return;
  const value = view.colours.values.get(String(top.properties.code));
  const figure = top.layer.id === "units-none" ? "未划分网格" : value ? `已查 ${percent(value.covered, value.covered ? 1 : 0)}` : "";
  tip.textContent = [top.properties.name, figure].filter(Boolean).join("　");
  tip.style.transform = `translate(${Math.round(event.point.x + 14)}px, ${Math.round(event.point.y + 14)}px)`;
}
