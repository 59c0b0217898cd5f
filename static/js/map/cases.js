/** Cases on a map: a point each, by how far it has come. Loaded when the layer is first switched on. */

import { INK } from "../palette.js";
import { CASE_LOOKS, CASE_PATH, CASE_SIZE } from "./caselooks.js";
import { FONTS, tiles } from "./style.js";

/** @param {import("maplibre-gl").Map} map whose style is loaded */
export function addCaseImages(map) {
  const ratio = 2;
  for (const [state, [, letter, fill, ink]] of Object.entries(CASE_LOOKS)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = CASE_SIZE * ratio;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.scale(ratio, ratio);
    const shape = new Path2D(CASE_PATH);
    pen.fillStyle = fill;
    pen.fill(shape);
    pen.strokeStyle = state === "registered" || state === "rectifying" ? "#ffffff" : "#4a1270";
    pen.lineWidth = 1.4;
    pen.stroke(shape);
    pen.fillStyle = ink;
    pen.font = '700 11px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
    pen.textAlign = "center";
    pen.fillText(letter, CASE_SIZE / 2, 14);
    if (!map.hasImage(`case-${state}`)) map.addImage(`case-${state}`, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio });
  }
}

/** @returns {import("maplibre-gl").SourceSpecification} */
export function caseSource() {
  return { type: "vector", tiles: tiles("cases/{z}/{x}/{y}.mvt"), maxzoom: 16 };
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
export function caseLayers() {
  return [
    {
      id: "case-marks", type: "symbol", source: "cases", "source-layer": "cases",
      layout: { "icon-image": ["concat", "case-", ["get", "state"]], "icon-anchor": "bottom", "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: "case-names", type: "symbol", source: "cases", "source-layer": "cases", minzoom: 14,
      layout: { "text-field": ["get", "number"], "text-font": FONTS, "text-size": 11, "text-anchor": "top", "text-offset": [0, 0.3], "text-optional": true },
      paint: { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    },
  ];
}
