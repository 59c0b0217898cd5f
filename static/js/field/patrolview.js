/** 巡查: the map, the figures, the way to the nearest blind spots, and start, pause, stop. */

import { byId, el, svg } from "../dom.js";
import { area } from "../format.js";
import { isOrder } from "./orders.js";
import { pointOf } from "./spots.js";
import { chosen, confirmed } from "./parts.js";
import { far, lasting, reasonText, walked } from "./words.js";

/** @typedef {import("./types.js").Mode} Mode */
/** @typedef {import("./spots.js").Near} Near */

/** @type {{code: Mode, name: string}[]} */
const MODES = [
  { code: "foot", name: "步行" },
  { code: "vehicle", name: "车巡" },
  { code: "drone", name: "无人机" },
];
const LISTED = 5;
const HERE_M = 15;
const QUIET_MS = 20_000;

export class PatrolView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    /** @type {import("./map.js").FieldMap|null} */
    this.map = null;
    this.isListed = false;
    /** @type {Near[]} */
    this.near = [];
    this.controlsFor = "";
    this.nearestFor = "";
  }

  /** @param {boolean} hasMap */
  start(hasMap) {
    if (hasMap) void this.#startMap();
    else {
      byId("map").classList.add("none");
      byId("map").textContent = "本机浏览器画不了地图。巡查记录、盲区清单和各项数字照常可用。";
    }
  }

  async #startMap() {
    const { FieldMap } = await import("./map.js");
    this.map = new FieldMap(byId("map"), this.field, (id) => this.lead(id));
    byId("map-tools").replaceChildren(
      el("button", { type: "button", id: "to-me", onclick: () => this.map?.follow() }, "定位"),
      el("button", { type: "button", id: "to-grid", onclick: () => this.map?.showGrids() }, "网格"),
    );
    if (this.field.recorder.patrol) this.map.follow();
    this.render();
  }

  /** Lead to this blind spot from now on; null: to the nearest. @param {string|null} id */
  lead(id) {
    this.field.target = id;
    this.render();
  }

  render() {
    this.near = this.field.nearSpots();
    this.#figures();
    this.#nearest();
    this.#controls();
    this.map?.render(this.near, this.#target());
  }

  #target() {
    return this.field.orders.target() ?? this.near.find((spot) => spot.id === this.field.target) ?? this.near[0] ?? null;
  }

  #figures() {
    const { ground, recorder } = this.field;
    const grid = this.field.gridHere() ?? (ground?.grids.length === 1 ? ground.grids[0] : null);
    const day = this.field.today();
    /** @type {HTMLElement[]} */
    const parts = [];
    if (ground?.grids.length) {
      const percent = ground.percent(grid ? [grid] : ground.grids, day);
      const text = percent === null ? "—" : `${percent.toFixed(1)}%`;
      const name = grid ? `${grid.name} 已查` : `我的 ${ground.grids.length} 个网格 已查`;
      parts.push(
        el("div", { class: "figure-row" }, el("span", { class: "name" }, name), el("strong", { class: "big", id: "percent" }, text)),
        el("meter", { class: "meter", min: 0, max: 100, value: percent ?? 0, "aria-label": name }),
      );
    }
    if (recorder.patrol) parts.push(this.#stats(), ...this.#notCounted());
    byId("figures").replaceChildren(...parts);
  }

  #stats() {
    const { recorder } = this.field;
    const pairs = [
      ["有效里程", walked(recorder.length_m), "length"],
      ["有效时长", lasting(recorder.minutes), "minutes"],
      ["新增面积", area(recorder.new_cm2 / 1e4), "new-ground"],
    ];
    return el("dl", { class: "stats" }, ...pairs.map(([name, value, id]) => el("div", {}, el("dt", {}, name), el("dd", { id }, value))));
  }

  /** What does not count, now and so far. */
  #notCounted() {
    const { recorder, position, wake } = this.field;
    const rules = recorder.given.rules[recorder.patrol?.mode ?? "foot"];
    /** @type {string[]} */
    const texts = [];
    const silent_ms = Date.now() - (recorder.latest_ms ?? Date.now());
    if (recorder.isRecording && silent_ms > QUIET_MS) texts.push(`已 ${Math.floor(silent_ms / 1000)} 秒没有定位，超过 ${rules.max_gap_s} 秒的中断不计入覆盖。`);
    else if (recorder.isRecording && recorder.latestFault === "weak_accuracy" && position.here) texts.push(weakText(position.here.accuracy_m, rules.max_accuracy_m));
    else if (recorder.isRecording && recorder.latestFault && recorder.latestFault !== "gap") texts.push(`当前不计入：${reasonText(recorder.latestFault, rules)}。`);
    const left = Object.entries(recorder.leftOut).map(([reason, amount]) => `${reasonText(/** @type {any} */ (reason), rules)} ${amount.pairs} 段 ${lasting(amount.duration_s / 60)}`);
    if (left.length) texts.push(`未计入：${left.join("；")}。`);
    if (wake.isMissing) texts.push("不能自动保持亮屏，请勿锁屏，锁屏期间没有定位。");
    return texts.map((text) => el("p", { class: "not-counted" }, text));
  }

  #nearest() {
    const box = byId("nearest");
    const target = this.#target();
    const key = JSON.stringify([this.isListed, target?.id, this.near.slice(0, LISTED).map((spot) => [spot.id, far(spot.distance_m ?? 0), Math.round(spot.left_m2), Math.round((spot.bearing_deg ?? 0) / 5)]), this.near.length]);
    if (key === this.nearestFor) return;
    this.nearestFor = key;
    if (!target) {
      const done = this.field.spots && this.field.ground?.grids.length;
      box.replaceChildren(...(done ? [el("p", { class: "hint" }, "本期没有待查的盲区。")] : []));
      return;
    }
    const rows = this.isListed ? this.near.slice(0, LISTED) : [target];
    const title = this.isListed ? "收起" : `最近的盲区（共 ${this.near.length} 处）`;
    box.replaceChildren(
      el("div", { class: "spots-head" },
        el("button", { type: "button", id: "spot-list", "aria-expanded": String(this.isListed), onclick: () => this.#list() }, title),
        // A mark by hand does no order.
        isOrder(target.id) ? el("button", { type: "button", onclick: () => this.lead(null) }, "不再带路") : el("button", { type: "button", id: "mark-target", onclick: () => this.page.mark.begin(target) }, "标记这块"),
      ),
      ...rows.map((spot) => this.#row(spot)),
    );
  }

  #list() {
    this.isListed = !this.isListed;
    this.render();
  }

  /** @param {Near} spot */
  #row(spot) {
    const arrow = svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" }, svg("path", { d: "M16 3 L25 27 L16 21 L7 27 Z", fill: "#b8442c", transform: `rotate(${Math.round(spot.bearing_deg ?? 0)} 16 16)` }));
    const isHere = spot.distance_m !== null && spot.distance_m < HERE_M;
    const where = spot.distance_m === null ? "—" : isHere ? "就在此处" : `${pointOf(spot.bearing_deg ?? 0)} ${far(spot.distance_m)}`;
    return el(
      "button",
      { type: "button", class: "way", "data-spot": spot.id, onclick: () => this.lead(spot.id) },
      spot.distance_m === null || isHere ? null : arrow,
      el("span", { class: "main" }, el("strong", {}, spot.name || "盲区"), el("span", {}, isOrder(spot.id) ? "派单" : `待查 ${area(spot.left_m2)}`)),
      el("span", { class: "far" }, where),
    );
  }

  /** Built anew only when the state changes: a finger may be on its way to a button. */
  #controls() {
    const state = this.field.recorder.patrol?.state ?? "none";
    if (state === this.controlsFor) return;
    this.controlsFor = state;
    const { recorder } = this.field;
    /** @param {string} id @param {string} kind @param {string} text @param {() => void} act */
    const button = (id, kind, text, act) => el("button", { type: "button", id, class: `act ${kind}`, onclick: act }, text);
    const parts =
      state === "none"
        ? [modes(), button("start", "strong", "开始巡查", () => void this.#start())]
        : [
            state === "recording"
              ? button("pause", "", "暂停", () => void recorder.turn("paused"))
              : button("go-on", "strong", "继续", () => void recorder.turn("recording")),
            button("stop", "danger", "结束", () => void this.#stop()),
          ];
    byId("controls").replaceChildren(...parts);
  }

  async #start() {
    const mode = /** @type {Mode} */ (chosen(byId("controls"), "mode") || "foot");
    await this.field.recorder.start(mode, this.field.datum);
    this.map?.follow();
    this.page.say("已开始记录，请保持亮屏。");
  }

  async #stop() {
    if (!(await confirmed("结束本次巡查？结束后轨迹将上传。", "结束巡查"))) return;
    const ended = this.field.recorder.patrol;
    const hasPositions = await this.field.recorder.stop();
    await this.field.outbox.reload();
    this.page.say(hasPositions ? "已结束，轨迹保存在本机，有网络时自动上传。" : "没有收到任何定位，本次未形成记录。");
    if (ended) void this.field.progress.report("stopped", ended);
    void this.field.outbox.flush();
  }
}

/** A step needs two good positions: after a weak one, the first good one does not count either. @param {number} accuracy_m @param {number} most_m */
function weakText(accuracy_m, most_m) {
  if (accuracy_m <= most_m) return "定位已恢复，从下一个定位点起计入。";
  return `当前不计入：定位精度 ±${Math.ceil(accuracy_m)} 米，须在 ${most_m} 米以内。`;
}

function modes() {
  const inputs = MODES.map(({ code, name }) => el("label", {}, el("input", { type: "radio", name: "mode", value: code, checked: code === "foot" }), name));
  return el("fieldset", { class: "segments", "aria-label": "巡查方式" }, ...inputs);
}
