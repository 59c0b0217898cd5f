/** Hatchings drawn on a canvas: what has no data, or no owner, must not look like a class of coverage. */

import { ACCENT, INK } from "../palette.js";

const SIZE = 16;
const RATIO = 2;

/**
 * @param {string} colour
 * @param {string|null} ground
 * @param {(pen: CanvasRenderingContext2D) => void} draw
 * @returns {ImageData}
 */
function tile(colour, ground, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (ground) {
    pen.fillStyle = ground;
    pen.fillRect(0, 0, SIZE, SIZE);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  draw(pen);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

/** @param {CanvasRenderingContext2D} pen @param {number[][]} lines each x1, y1, x2, y2 */
function stroke(pen, lines) {
  pen.beginPath();
  for (const [x1, y1, x2, y2] of lines) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {number[][]} centres */
function dots(pen, centres) {
  pen.fillStyle = ACCENT;
  for (const [x, y] of centres) {
    pen.beginPath();
    pen.arc(x, y, 1.7, 0, 2 * Math.PI);
    pen.fill();
  }
}

const RISING = [[-2, SIZE + 2, SIZE + 2, -2], [-2, 2, 2, -2], [SIZE - 2, SIZE + 2, SIZE + 2, SIZE - 2]];
const FALLING = RISING.map(([x1, y1, x2, y2]) => [x1, SIZE - y1, x2, SIZE - y2]);

/** @param {import("maplibre-gl").Map} map */
export function addPatterns(map) {
  const images = {
    "no-data": tile("#c0c8ce", "rgba(255,255,255,0.6)", (pen) => stroke(pen, RISING)),
    nobody: tile(INK, "rgba(255,255,255,0.5)", (pen) => stroke(pen, [...RISING, ...FALLING])),
    overlap: tile(ACCENT, "rgba(255,255,255,0.35)", (pen) => stroke(pen, FALLING)),
    excluded: tile("#5b8199", "rgba(201,219,230,0.85)", (pen) => stroke(pen, [[0, 4, SIZE, 4], [0, 12, SIZE, 12]])),
    // Dots, not a tint: the class of coverage below must stay readable.
    blind: tile(ACCENT, null, (pen) => dots(pen, [[4, 4], [12, 12]])),
    requested: tile("#5b8199", null, (pen) => stroke(pen, [[4, 0, 4, SIZE / 2], [12, SIZE / 2, 12, SIZE]])),
  };
  for (const [name, image] of Object.entries(images)) map.addImage(name, image, { pixelRatio: RATIO });
}
