/** Drawing an area with the finger: a tap for each corner, buttons to take one back and to finish. */

import { TerraDraw, TerraDrawModeUndoRedo, TerraDrawPolygonMode, ValidateNotSelfIntersecting } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { byId, el } from "../dom.js";

const FINGER_PX = 30;
const FEWEST_CORNERS = 3;

/**
 * Let the person draw on the map; null when they give it up.
 * @param {import("./map.js").FieldMap} field_map
 * @returns {Promise<GeoJSON.Polygon|null>}
 */
export function drawArea(field_map) {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map: field_map.map }),
    modes: [new TerraDrawPolygonMode({ pointerDistance: FINGER_PX, showCoordinatePoints: true, validation: (feature, { updateType }) => (updateType === "finish" ? ValidateNotSelfIntersecting(feature) : { valid: true }) })],
    undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
  });
  field_map.isDrawing = true;
  draw.start();
  draw.setMode("polygon");
  return new Promise((resolve) => {
    const bar = byId("draw-bar");
    document.documentElement.dataset.drawing = "yes";
    const end = (/** @type {GeoJSON.Polygon|null} */ area) => {
      delete document.documentElement.dataset.drawing;
      draw.stop();
      field_map.isDrawing = false;
      bar.hidden = true;
      bar.replaceChildren();
      resolve(area);
    };
    const problem = el("p", { role: "status" }, "在地图上依次点出范围的各个角。");
    const finish = () => {
      const area = drawn(draw);
      if (typeof area === "string") problem.textContent = area;
      else end(area);
    };
    /** @param {string} id @param {string} kind @param {string} text @param {() => void} act */
    const button = (id, kind, text, act) => el("button", { type: "button", id, class: `act ${kind}`, onclick: act }, text);
    draw.on("finish", finish);
    bar.replaceChildren(
      problem,
      el("div", { class: "row" }, button("draw-cancel", "", "取消", () => end(null)), button("draw-undo", "", "撤销", () => draw.canUndo() && draw.undo()), button("draw-finish", "strong", "完成", finish)),
    );
    bar.hidden = false;
    field_map.map.resize();
  });
}

/** The polygon of the corners put so far, or what is wrong with it. @param {TerraDraw} draw @returns {GeoJSON.Polygon|string} */
function drawn(draw) {
  const feature = draw.getSnapshot().find(({ geometry }) => geometry.type === "Polygon");
  const ring = /** @type {GeoJSON.Polygon|undefined} */ (feature?.geometry)?.coordinates[0] ?? [];
  const committed = Number(feature?.properties.committedCoordinateCount ?? 0) || ring.length - 1;
  const corners = ring.slice(0, committed).filter((corner, at, all) => at === 0 || corner.join() !== all[at - 1].join());
  if (corners.length > 1 && corners[0].join() === corners[corners.length - 1].join()) corners.pop();
  if (corners.length < FEWEST_CORNERS) return `至少点 ${FEWEST_CORNERS} 个角，现在有 ${corners.length} 个。`;
  /** @type {GeoJSON.Polygon} */
  const polygon = { type: "Polygon", coordinates: [[...corners, corners[0]]] };
  const { valid } = ValidateNotSelfIntersecting(/** @type {any} */ ({ type: "Feature", geometry: polygon, properties: {} }));
  return valid ? polygon : "范围的边不能互相交叉，请撤销后重画。";
}
