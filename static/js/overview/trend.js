/** The last ninety days in one line. A click opens the map as it stood on that day. */

import UPlot from "uplot";
import { address } from "../api.js";
import { byId, el } from "../dom.js";
import { addDays, day, percent } from "../format.js";

/** @typedef {import("./types.js").Overview} Overview */
/** @typedef {import("./types.js").TrendPoint} TrendPoint */

const LINE = "#24588a";
const FILL = "rgba(36, 88, 138, 0.14)";
const INK = "#4d5f6e";
const GRID = "#edf0f2";
const DAY_S = 86_400;
/** Days ago that are named below the line. */
const NAMED = [90, 30, 7, 0];

export class Trend {
  /** @param {HTMLElement} holder */
  constructor(holder) {
    this.holder = holder;
    /** @type {UPlot|null} */
    this.plot = null;
    this.key = "";
    new ResizeObserver(() => this.#draw()).observe(holder);
    holder.addEventListener("click", () => this.#open());
  }

  /** @param {Overview} overview */
  show(overview) {
    this.overview = overview;
    const { trend, unit, on } = overview;
    byId("trend").hidden = trend.length < 2;
    const now = trend.at(-1);
    const then = trend.find((point) => point.on === addDays(on, -30));
    byId("trend-under").textContent = changeText(then, now);
    this.holder.setAttribute("role", "img");
    this.holder.setAttribute("aria-label", `${unit.name}近 90 天每天已查的比例，${changeText(then, now)}`);
    byId("trend-days").replaceChildren(
      ...NAMED.flatMap((ago) => {
        const point = trend.find((each) => each.on === addDays(on, -ago));
        return point && point.covered_percent !== null ? [named(point, ago, unit.code)] : [];
      }),
      el("li", {}, el("a", { href: address("/", { unit: unit.code, play: 1 }) }, el("small", {}, "地图上"), el("b", {}, "回放"))),
      el("li", {}, el("a", { href: address("/compare", { unit: unit.code, a: addDays(on, -30), b: on }) }, el("small", {}, "两个日期"), el("b", {}, "对比"))),
    );
    this.#draw();
  }

  #draw() {
    const { trend } = this.overview ?? { trend: [] };
    const { clientWidth: width, clientHeight: height } = this.holder;
    if (trend.length < 2 || !width || !height) return;
    const size = parseFloat(getComputedStyle(this.holder).fontSize);
    const key = JSON.stringify([trend, width, height, size]);
    if (key === this.key) return;
    this.key = key;
    this.plot?.destroy();
    const days = trend.map((point) => Date.parse(`${point.on}T00:00:00Z`) / 1000);
    this.plot = new UPlot(options(width, height, size), [days, trend.map((point) => point.covered_percent)], this.holder);
  }

  #open() {
    const index = this.plot?.cursor.idx;
    const { overview } = this;
    if (index === null || index === undefined || !overview) return;
    location.assign(address("/", { unit: overview.unit.code, on: overview.trend[index].on }));
  }
}

/** @param {number} width @param {number} height @param {number} size of letters in px @returns {UPlot.Options} */
function options(width, height, size) {
  const font = `${Math.round(size * 0.8)}px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
  return {
    width,
    height,
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: true }, y: { range: () => [0, 100] } },
    padding: [size * 0.6, size * 0.8, 0, 0],
    axes: [
      { stroke: INK, font, size: size * 1.8, gap: size * 0.4, space: size * 5, grid: { show: false }, ticks: { show: false }, incrs: [7 * DAY_S, 14 * DAY_S, 28 * DAY_S], values: (_plot, ticks) => ticks.map(monthAndDay) },
      { stroke: INK, font, size: size * 2.8, splits: () => [0, 25, 50, 75, 100], grid: { stroke: GRID, width: 1 }, ticks: { show: false }, values: (_plot, ticks) => ticks.map((tick) => `${tick}%`) },
    ],
    series: [{}, { stroke: LINE, fill: FILL, width: Math.max(2, size / 7), points: { show: false }, spanGaps: false }],
    hooks: { setCursor: [(plot) => tell(plot)] },
  };
}

/** @param {number} seconds */
function monthAndDay(seconds) {
  const at = new Date(seconds * 1000);
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
}

/** What stands under the mouse. @param {UPlot} plot */
function tell(plot) {
  const index = plot.cursor.idx;
  const value = index === null || index === undefined ? null : plot.data[1][index];
  plot.root.title = value === null || value === undefined || index === null || index === undefined ? "" : `${monthAndDay(plot.data[0][index])}　已查 ${percent(value, value)}`;
}

/** @param {TrendPoint} point @param {number} ago @param {string} unit */
function named(point, ago, unit) {
  const word = ago ? `${ago} 天前` : "今天";
  return el("li", {}, el("a", { href: address("/", { unit, on: ago ? point.on : null }), title: day(point.on) }, el("small", {}, word), el("b", {}, percent(point.covered_percent, point.covered_percent ?? 0))));
}

/** The step of the floored figures that are shown. @param {TrendPoint|undefined} then @param {TrendPoint|undefined} now */
function changeText(then, now) {
  if (!then || !now || then.covered_percent === null || now.covered_percent === null) return "";
  const tenths = Math.round((now.covered_percent - then.covered_percent) * 10);
  if (!tenths) return "与 30 天前持平";
  return `比 30 天前${tenths > 0 ? "上升" : "下降"} ${(Math.abs(tenths) / 10).toFixed(1)} 个百分点`;
}
