/** Switches of the map's layers, each with its legend: numbers and units, no colour without a word. */

import { CLASS_COLOURS, CLASS_NAMES, DRONE, FOOT, VEHICLE } from "../palette.js";
import { byId, el, svg } from "../dom.js";
import { LAYERS } from "../state.js";
import { SITE_STATES, stateMark, stateWord } from "../sitestates.js";
import { CASE_LOOKS, caseMark } from "../map/caselooks.js";

/** @typedef {import("../types.js").LayerName} LayerName */

/** @type {Record<LayerName, {label: string, from: number}>} */
const NAMES = {
  units: { label: "单元覆盖", from: 0 },
  grids: { label: "网格覆盖", from: 11 },
  freshness: { label: "多久前看过", from: 12 },
  spots: { label: "盲区", from: 0 },
  defects: { label: "无主地与重叠", from: 9 },
  exclusions: { label: "扣除区域", from: 11 },
  tracks: { label: "巡查轨迹", from: 11 },
  sites: { label: "场所", from: 0 },
  cases: { label: "案件", from: 0 },
};
/** What somebody needs to be allowed to see a layer; all others are for all readers. @type {Partial<Record<LayerName, string>>} */
const RIGHTS = { tracks: "tracks.read", sites: "sites.read", cases: "cases.read" };

/** @param {string} fill @param {string} stroke */
export function box(fill, stroke = "none") {
  return svg("svg", { class: "swatch", "aria-hidden": "true" }, svg("rect", { width: "100%", height: "100%", fill, stroke, "stroke-width": 2 }));
}

/** @param {string} colour */
function line(colour) {
  return svg("svg", { class: "swatch", "aria-hidden": "true" }, svg("path", { d: "M0,7 L16,7", stroke: colour, "stroke-width": 3 }));
}

/** @param {string} kind a class that the style sheet hatches */
function hatch(kind) {
  return el("span", { class: `swatch hatch hatch-${kind}`, "aria-hidden": "true" });
}

/** @param {Element} mark @param {string} text */
function entry(mark, text) {
  return el("li", {}, mark, text);
}

/** Classes of the picture that the service paints (app/coverage/raster.py). */
export const FRESHNESS = [
  ["#225ea8", "周期前 1/3 内"],
  ["#41b6c4", "周期 1/3 – 2/3"],
  ["#a1dab4", "周期 2/3 以后"],
  ["#ffffb2", "已过期"],
  ["#c994c7", "周期内仅手工申报"],
];

/** @type {Record<LayerName, () => (Node|string)[]>} */
const LEGENDS = {
  units: () => [
    el("li", { class: "legend-title" }, "已查占应查面积"),
    ...CLASS_COLOURS.map((colour, k) => entry(box(colour), CLASS_NAMES[k])).reverse(),
    entry(hatch("none"), "未划分网格，全部无主"),
  ],
  grids: () => [el("li", { class: "legend-title" }, "颜色同上，按网格")],
  freshness: () => [
    el("li", { class: "legend-title", id: "freshness-title" }, "最近一次轨迹距今"),
    ...FRESHNESS.map(([colour, text]) => entry(box(colour), text)),
  ],
  spots: () => [entry(hatch("blind"), "周期内没有查到（100 m² 以上）")],
  defects: () => [entry(hatch("nobody"), "网格之间的无主地"), entry(hatch("overlap"), "重叠或越界")],
  exclusions: () => [entry(hatch("excluded"), "已批准"), entry(hatch("requested"), "申请中，仍计入应查")],
  tracks: () => [entry(line(FOOT), "步行"), entry(line(VEHICLE), "车巡"), entry(line(DRONE), "无人机"), el("li", { class: "legend-title", id: "track-window" })],
  sites: () => SITE_STATES.map((state) => el("li", {}, stateMark(state), stateWord(state))),
  cases: () => Object.keys(CASE_LOOKS).map((state) => el("li", {}, caseMark(state), CASE_LOOKS[state][0])),
};

/**
 * The layers that somebody may see: where people walked, for one, is not for everybody.
 * @param {import("../types.js").Person|null} person
 * @returns {LayerName[]}
 */
export function layersFor(person) {
  return LAYERS.filter((name) => {
    const right = RIGHTS[name];
    return !right || person?.rights.includes(right);
  });
}

export class LayerPanel {
  /** @param {LayerName[]} offered @param {(layers: LayerName[]) => void} change */
  constructor(offered, change) {
    this.change = change;
    foldOnPhones();
    /** @type {Map<LayerName, HTMLInputElement>} */
    this.boxes = new Map();
    byId("layer-list").replaceChildren(...offered.map((name) => this.#item(name)));
  }

  /** @param {LayerName} name */
  #item(name) {
    const box = el("input", { type: "checkbox", "data-layer": name, onchange: () => this.#changed() });
    this.boxes.set(name, box);
    return el(
      "div",
      { class: "layer", "data-from": NAMES[name].from },
      el("label", { class: "check" }, box, NAMES[name].label, el("span", { class: "layer-far" }, "放大后显示")),
      el("ul", { class: "legend" }, ...LEGENDS[name]()),
    );
  }

  #changed() {
    this.change(LAYERS.filter((name) => this.boxes.get(name)?.checked));
  }

  /** @param {LayerName[]} layers @param {number} zoom */
  show(layers, zoom) {
    for (const [name, box] of this.boxes) box.checked = layers.includes(name);
    this.zoomed(zoom);
  }

  /** @param {number} zoom */
  zoomed(zoom) {
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".layer"))) {
      item.classList.toggle("far", zoom < Number(item.dataset.from));
    }
  }

  /** @param {number} days */
  window(days) {
    const place = document.getElementById("track-window");
    if (place) place.textContent = `所选日期前 ${days} 天内`;
  }
}

/** On a narrow screen the legend would hide the map. */
function foldOnPhones() {
  if (matchMedia("(max-width: 760px)").matches) byId("layers").removeAttribute("open");
}

/** The legend of the simple map, which has no switches. */
export function simpleLegend() {
  foldOnPhones();
  const toFull = el("a", { class: "link", href: "/" }, "打开完整地图");
  toFull.addEventListener("click", () => (toFull.href = `/${location.search}`));
  byId("layer-list").replaceChildren(
    el("ul", { class: "legend legend-plain" }, ...LEGENDS.units().slice(0, -1), entry(hatch("bare"), "未划分网格（虚线）"), ...LEGENDS.spots()),
    toFull,
  );
}
