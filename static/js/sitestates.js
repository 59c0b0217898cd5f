/** The five states of a site: word, colour and shape, the same on every page. Each tells without colour, too. */

import { svg } from "./dom.js";

/** @typedef {"never"|"incomplete"|"overdue"|"due"|"checked"} SiteStateCode */
/** @typedef {{word: string, letter: string, fill: string, line: string, ink: string, path: string}} Look */

export const SIZE = 24;
const SQUARE = "M2 2 H22 V22 H2 Z";
const DIAMOND = "M12 1 L23 12 L12 23 L1 12 Z";
const TRIANGLE = "M12 1.5 L23.2 21.5 H0.8 Z";
const HEXAGON = "M6.5 2.5 H17.5 L23 12 L17.5 21.5 H6.5 L1 12 Z";
const CIRCLE = "M12 2 A10 10 0 1 1 11.99 2 Z";

/** Most urgent first, as the service sorts them. @type {SiteStateCode[]} */
export const SITE_STATES = ["never", "incomplete", "overdue", "due", "checked"];

/** From dark to light as urgency falls: a grey print keeps the order. @type {Record<SiteStateCode, Look>} */
export const SITE_LOOKS = {
  never: { word: "从未检查", letter: "未", fill: "#2b1d1a", line: "#ffffff", ink: "#ffffff", path: SQUARE },
  incomplete: { word: "检查不全", letter: "缺", fill: "#b8442c", line: "#ffffff", ink: "#ffffff", path: DIAMOND },
  overdue: { word: "超期", letter: "超", fill: "#e8a33d", line: "#5c3c00", ink: "#1c2b39", path: TRIANGLE },
  due: { word: "即将到期", letter: "临", fill: "#9cc3e0", line: "#1c3a52", ink: "#1c3a52", path: HEXAGON },
  checked: { word: "已检查", letter: "✓", fill: "#ffffff", line: "#24588a", ink: "#24588a", path: CIRCLE },
};

/** @type {Record<string, string>} */
export const SITE_KINDS = { factory: "厂房", warehouse: "仓库", workshop: "作坊", farm: "养殖场", house: "民房", remote: "偏僻场所", park: "工业园区" };
/** @type {Record<string, string>} */
export const OCCUPANCIES = { idle: "闲置", own_use: "自用", leased: "出租", multi_tenant: "厂中厂", awaiting_demolition: "待拆迁", shut_down: "停产停业", zombie: "僵尸企业" };

/** Where the letter stands: a triangle's middle lies low. @param {SiteStateCode} state */
const baseline = (state) => ({ overdue: 19.4, incomplete: 16 })[/** @type {string} */ (state)] ?? 16.8;
/** @param {SiteStateCode} state */
const letterSize = (state) => ({ overdue: 9.5, incomplete: 11 })[/** @type {string} */ (state)] ?? 13;

/** The mark of a state for a list or a legend. @param {SiteStateCode} state */
export function stateMark(state) {
  const look = SITE_LOOKS[state];
  const letter = svg("text", { x: 12, y: baseline(state), "text-anchor": "middle", "font-size": letterSize(state), "font-weight": 700, fill: look.ink }, look.letter);
  return svg("svg", { class: "state-mark", viewBox: "0 0 24 24", width: SIZE, height: SIZE, "aria-hidden": "true" }, svg("path", { d: look.path, fill: look.fill, stroke: look.line, "stroke-width": 1.6 }), letter);
}

/** The mark with its word. @param {SiteStateCode} state */
export const stateWord = (state) => SITE_LOOKS[state].word;

/** The marks as images of a map: `site-never`, … @param {import("maplibre-gl").Map} map whose style is loaded */
export function addStateImages(map) {
  const ratio = 2;
  for (const state of SITE_STATES) {
    const look = SITE_LOOKS[state];
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE * ratio;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.scale(ratio, ratio);
    const shape = new Path2D(look.path);
    pen.fillStyle = look.fill;
    pen.fill(shape);
    pen.strokeStyle = look.line;
    pen.lineWidth = 1.6;
    pen.stroke(shape);
    pen.fillStyle = look.ink;
    pen.font = `700 ${letterSize(state)}px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
    pen.textAlign = "center";
    pen.fillText(look.letter, SIZE / 2, baseline(state));
    if (!map.hasImage(`site-${state}`)) map.addImage(`site-${state}`, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio });
  }
}
