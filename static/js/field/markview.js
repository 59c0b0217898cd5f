/** 标记: an area as looked at, or as a place that cannot be entered. Always with a reason and a photo. */

import { byId, el } from "../dom.js";
import { addDays, area } from "../format.js";
import { tileRowArea_cm2, TILE_SIZE } from "../engine/frame.js";
import { cellsOf } from "../engine/outline.js";
import { bundle, choices, chosen, MOST_PHOTOS, PhotoTray } from "./parts.js";
import { far } from "./words.js";

/** @typedef {"declared"|"inaccessible"} MarkKind */
/** @typedef {{geometry: GeoJSON.Polygon|GeoJSON.MultiPolygon, title: string, area_m2: number}} Place */

const LISTED = 6;
const SMALLEST_M2 = 20;
const LARGEST_M2 = 500_000;
const MOST_CORNERS = 500;
const LONGEST_DAYS = 90;

export class MarkView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    /** @type {MarkKind} */
    this.kind = "declared";
    /** @type {Place|null} */
    this.place = null;
    this.tray = new PhotoTray(field, () => this.#check());
    this.isOpen = false;
  }

  /** Begin with a blind spot. @param {import("./spots.js").Near} spot */
  begin(spot) {
    this.#choose(/** @type {any} */ (spot.geometry), `${spot.name} 盲区`);
    this.page.show("mark");
  }

  /** What was begun stays until it is handed over. */
  open() {
    if (!this.isOpen) this.#build();
    this.isOpen = true;
  }

  render() {
    this.#check();
  }

  #build() {
    const given = this.field.package;
    const form = el(
      "form",
      { class: "sheet", id: "mark-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.#submit(event) },
      el("h2", {}, "标记一块区域"),
      el("fieldset", { class: "segments", "aria-label": "标记种类" }, this.#segment("declared", "已查看"), this.#segment("inaccessible", "无法进入")),
      el("p", { class: "hint" }, this.kind === "declared" ? "用于到过现场但轨迹没有记上的地方，单独计为“手工申报”，不计入“已查”。" : "报告后由镇（街道）审批；批准之前仍按未查看计。"),
      el("div", { id: "mark-place" }),
      choices("原因", "reason", (this.kind === "declared" ? given?.mark_reasons : given?.inaccessible_reasons) ?? [], () => this.#check()),
      el("div", {}, el("label", { class: "field-label", for: "mark-note" }, "说明（选“其他”时必填）"), el("textarea", { id: "mark-note", maxlength: 500, oninput: () => this.#check() })),
      this.kind === "inaccessible" ? el("div", {}, el("label", { class: "field-label", for: "mark-until" }, "预计何时可以进入（不清楚可不填）"), el("input", { type: "date", id: "mark-until", min: given?.today, max: given && addDays(given.today, LONGEST_DAYS) })) : null,
      el("div", {}, el("p", { class: "field-label" }, `现场照片（1 至 ${MOST_PHOTOS} 张）`), this.tray.box),
      el("p", { class: "problem", id: "mark-problem", role: "status" }),
      el("button", { type: "submit", class: "act strong", id: "mark-submit" }, "保存并上传"),
    );
    byId("view-mark").replaceChildren(form);
    this.#showPlace();
    this.#check();
  }

  /** @param {MarkKind} kind @param {string} text */
  #segment(kind, text) {
    const change = () => {
      this.kind = kind;
      this.#build();
    };
    return el("label", {}, el("input", { type: "radio", name: "mark-kind", value: kind, checked: kind === this.kind, onchange: change }), text);
  }

  #showPlace() {
    const box = byId("mark-place");
    if (this.place) {
      box.replaceChildren(
        el("p", { class: "field-label" }, "区域"),
        el("p", { id: "mark-area" }, `${this.place.title}，${area(this.place.area_m2)}`),
        el("div", { class: "row" }, el("button", { type: "button", class: "row-button", onclick: () => this.#choose(null, "") }, "重新选择")),
      );
      return;
    }
    const spots = this.field.nearSpots().slice(0, LISTED);
    const canDraw = this.page.patrol.map !== null;
    box.replaceChildren(
      el("p", { class: "field-label" }, "区域：选一处盲区，或在图上画"),
      el("div", { class: "choices" },
        canDraw ? el("button", { type: "button", class: "row-button", id: "draw", onclick: () => void this.#draw() }, "在图上画范围") : null,
        ...spots.map((spot) => el("button", { type: "button", class: "row-button", "data-spot": spot.id, onclick: () => this.#choose(/** @type {any} */ (spot.geometry), `${spot.name} 盲区`) },
          el("span", {}, el("strong", {}, `${spot.name} 盲区`), el("span", {}, `待查 ${area(spot.left_m2)}`)), el("span", { class: "far" }, spot.distance_m === null ? "" : far(spot.distance_m)))),
      ),
    );
  }

  /** @param {Place["geometry"]|null} geometry @param {string} title */
  #choose(geometry, title) {
    this.place = geometry && { geometry, title, area_m2: ground_m2(geometry) };
    if (!this.isOpen) return;
    this.#showPlace();
    this.#check();
  }

  async #draw() {
    const { map } = this.page.patrol;
    if (!map) return;
    this.page.show("patrol");
    const { drawArea } = await import("./draw.js");
    const drawn = await drawArea(map);
    if (drawn) this.#choose(drawn, "手绘范围");
    this.page.show("mark");
  }

  /** What is missing before the mark can be kept. @returns {string} "" when nothing is */
  #missing() {
    const form = byId("mark-form");
    const reason = chosen(form, "reason");
    const note = /** @type {HTMLTextAreaElement} */ (byId("mark-note")).value.trim();
    if (!this.place) return "请先选择区域。";
    if (this.place.area_m2 < SMALLEST_M2) return `区域太小，至少 ${SMALLEST_M2} 平方米。`;
    if (this.place.area_m2 > LARGEST_M2) return `区域有 ${area(this.place.area_m2)}，一次最多标记 ${area(LARGEST_M2)}。请在图上画出实际查看的部分。`;
    if (corners(this.place.geometry) > MOST_CORNERS) return "这处盲区的边界过于复杂，不能整块标记。请在图上画出实际查看的部分。";
    if (!reason) return "请选择原因。";
    if (reason === "other" && !note) return "选“其他”时请填写说明。";
    return this.tray.photos.length ? "" : "请至少拍 1 张现场照片。";
  }

  #check() {
    if (!document.getElementById("mark-form")) return;
    const missing = this.#missing();
    const problem = byId("mark-problem");
    if (problem.textContent !== missing) problem.textContent = missing;
    /** @type {HTMLButtonElement} */ (byId("mark-submit")).disabled = missing !== "";
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#missing() || !this.place) return;
    const body = this.#body(this.place);
    const title = `${this.kind === "declared" ? "标记已查看" : "无法进入"}：${this.place.title}`;
    await this.field.outbox.add(bundle(this.field.store.officer_code, { id: body.id, kind: "mark", title, body }, this.tray.photos));
    this.place = null;
    this.tray.clear();
    this.#build();
    this.page.say("已保存在本机，有网络时自动上传。");
    this.page.show("patrol");
  }

  /** @param {Place} place @returns {Record<string, any> & {id: string}} */
  #body(place) {
    const { field } = this;
    const now = Date.now();
    const here = field.position.here;
    const until = /** @type {HTMLInputElement|null} */ (document.getElementById("mark-until"))?.value;
    const note = /** @type {HTMLTextAreaElement} */ (byId("mark-note")).value.trim();
    return {
      id: crypto.randomUUID(),
      officer_code: field.store.officer_code,
      kind: this.kind,
      datum: "WGS-84",
      geometry: place.geometry,
      reason: chosen(byId("mark-form"), "reason"),
      ...(note ? { note } : {}),
      made_at: new Date(now).toISOString(),
      ...(until ? { until } : {}),
      ...(field.recorder.patrol ? { patrol_id: field.recorder.patrol.id } : {}),
      position: here && { lon: here.lon, lat: here.lat, accuracy_m: here.accuracy_m, time: new Date(here.time_ms).toISOString() },
      photo_ids: this.tray.photos.map(({ id }) => id),
    };
  }
}

/** @param {Place["geometry"]} geometry */
function corners(geometry) {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  return rings.reduce((sum, ring) => sum + ring.length, 0);
}

/** Ground of the cells of an area. @param {GeoJSON.Geometry} geometry */
function ground_m2(geometry) {
  let sum_cm2 = 0;
  for (const [key, indices] of cellsOf(geometry)) {
    const area_cm2 = tileRowArea_cm2(Number(key.split("/")[1]));
    for (const index of indices) sum_cm2 += area_cm2[Math.floor(index / TILE_SIZE)];
  }
  return sum_cm2 / 1e4;
}
