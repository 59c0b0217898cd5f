/** Speed and accuracy along the time of a patrol, with the limits that count. */

import UPlot from "uplot";
import { byId, el } from "../dom.js";

/** @typedef {import("./types.js").Series} Series */

const SPEED = "#2171b5";
const ACCURACY = "#8a6d1f";
const LIMIT = "#b8442c";
const AXIS = "#4d5f6e";
const HEIGHT = 170;
const FONT = "12px sans-serif";

export class SeriesChart {
  /** @param {(place: [number, number]|null) => void} point called with the place under the cursor */
  constructor(point) {
    this.point = point;
    this.holder = byId("chart");
    this.frame = el("div", { class: "chart-frame" });
    /** @type {UPlot|null} */
    this.plot = null;
    new ResizeObserver(() => this.plot?.setSize({ width: this.frame.clientWidth, height: HEIGHT })).observe(this.frame);
  }

  /** @param {Series|null} series @param {boolean} isPatrol */
  show(series, isPatrol) {
    this.plot?.destroy();
    this.plot = null;
    this.holder.hidden = !isPatrol;
    this.frame.replaceChildren();
    this.holder.replaceChildren(this.frame);
    if (!isPatrol) return;
    if (!series) {
      this.frame.append(el("p", { class: "under" }, "原始定位点已过保存期限，没有速度和精度可画。"));
      return;
    }
    this.holder.setAttribute("aria-label", described(series));
    this.plot = new UPlot(this.#options(series), dataOf(series), this.frame);
  }

  /** @param {Series} series @returns {UPlot.Options} */
  #options(series) {
    return {
      width: Math.max(this.frame.clientWidth, 200),
      height: HEIGHT,
      cursor: { drag: { x: true, y: false } },
      legend: { live: true },
      scales: { x: { time: false }, speed: { range: (_plot, _min, max) => [0, Math.max(max, series.max_speed_m_s) * 1.1] }, accuracy: { range: (_plot, _min, max) => [0, Math.max(max, series.max_accuracy_m) * 1.1] } },
      axes: [
        { stroke: AXIS, font: FONT, values: (_plot, ticks) => ticks.map((tick) => `${tick} 分`) },
        { scale: "speed", stroke: SPEED, font: FONT, label: "米/秒", labelSize: 18, labelFont: FONT, size: 44 },
        { scale: "accuracy", side: 1, stroke: ACCURACY, font: FONT, label: "精度（米）", labelSize: 18, labelFont: FONT, size: 44, grid: { show: false } },
      ],
      series: [
        { label: "时间", value: (_plot, value) => (value === null ? "—" : `${value.toFixed(1)} 分`) },
        { label: "速度", scale: "speed", stroke: SPEED, width: 1.5, points: { show: false }, value: (_plot, value) => (value === null ? "—" : `${value.toFixed(1)} 米/秒`) },
        { label: "精度", scale: "accuracy", stroke: ACCURACY, width: 1, points: { show: false }, value: (_plot, value) => (value === null ? "—" : `${value.toFixed(0)} 米`) },
        { label: `速度上限 ${series.max_speed_m_s} 米/秒`, scale: "speed", stroke: LIMIT, width: 1, dash: [6, 4], points: { show: false }, value: () => "" },
      ],
      hooks: {
        setCursor: [
          (plot) => {
            const index = plot.cursor.idx;
            this.point(index === null || index === undefined ? null : [series.lon[index], series.lat[index]]);
          },
        ],
      },
    };
  }
}

/** @param {Series} series @returns {UPlot.AlignedData} */
function dataOf(series) {
  const minutes = series.t_s.map((t_s) => t_s / 60);
  return [minutes, series.speed_m_s, series.accuracy_m, minutes.map(() => series.max_speed_m_s)];
}

/** The chart for who cannot see it. @param {Series} series */
function described(series) {
  const fastest = Math.max(...series.speed_m_s.map((speed) => speed ?? 0));
  const worst = Math.max(...series.accuracy_m.map((accuracy) => accuracy ?? 0));
  const minutes = Math.round((series.t_s.at(-1) ?? 0) / 60);
  return `速度和精度随时间的变化：${series.fixes} 个定位点，${minutes} 分钟，最快 ${fastest.toFixed(1)} 米/秒（上限 ${series.max_speed_m_s}），精度最差 ${worst.toFixed(0)} 米`;
}
