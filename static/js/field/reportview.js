/** 上报: something suspicious, where the officer stands; it becomes a lead for the village and town. */

import { byId, el } from "../dom.js";
import { bundle, choices, chosen, MOST_PHOTOS, PhotoTray } from "./parts.js";

export class ReportView {
  /** @param {import("./field.js").Field} field @param {import("./view.js").PageView} page */
  constructor(field, page) {
    this.field = field;
    this.page = page;
    this.tray = new PhotoTray(field, () => this.#check());
    this.isOpen = false;
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
    byId("view-report").replaceChildren(
      el(
        "form",
        { class: "sheet", id: "report-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.#submit(event) },
        el("h2", {}, "上报可疑情况"),
        el("p", { class: "hint" }, "只报看到的情况。请注意自身安全，不要进入，不要与人争执。"),
        choices("看到了什么", "what", this.field.package?.lead_kinds ?? [], () => this.#check()),
        el("div", {}, el("label", { class: "field-label", for: "report-note" }, "说明（选“其他”时必填）"), el("textarea", { id: "report-note", maxlength: 500, oninput: () => this.#check() })),
        el("div", {}, el("p", { class: "field-label" }, `照片（最多 ${MOST_PHOTOS} 张，不便拍照可不拍）`), this.tray.box),
        el("p", { id: "report-place", role: "status" }),
        el("p", { class: "problem", id: "report-problem", role: "status" }),
        el("button", { type: "submit", class: "act strong", id: "report-submit" }, "保存并上传"),
      ),
    );
    this.#check();
  }

  #here() {
    return this.field.position.recent(Date.now());
  }

  #missing() {
    const what = chosen(byId("report-form"), "what");
    if (!this.#here()) return "正在等待定位，上报需要当前位置。请到开阔处稍候。";
    if (!what) return "请选择看到了什么。";
    return what === "other" && !this.#note() ? "选“其他”时请填写说明。" : "";
  }

  #note() {
    return /** @type {HTMLTextAreaElement} */ (byId("report-note")).value.trim();
  }

  #check() {
    if (!document.getElementById("report-form")) return;
    const missing = this.#missing();
    const here = this.#here();
    const place = here ? `位置：${here.lon.toFixed(5)}，${here.lat.toFixed(5)}，定位精度 ±${Math.ceil(here.accuracy_m)} 米` : "";
    if (byId("report-place").textContent !== place) byId("report-place").textContent = place;
    if (byId("report-problem").textContent !== missing) byId("report-problem").textContent = missing;
    /** @type {HTMLButtonElement} */ (byId("report-submit")).disabled = missing !== "";
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const here = this.#here();
    if (this.#missing() || !here) return;
    const what = chosen(byId("report-form"), "what");
    const note = this.#note();
    const body = {
      id: crypto.randomUUID(),
      officer_code: this.field.store.officer_code,
      what,
      ...(note ? { note } : {}),
      datum: "WGS-84",
      lon: here.lon,
      lat: here.lat,
      accuracy_m: here.accuracy_m,
      made_at: new Date().toISOString(),
      photo_ids: this.tray.photos.map(({ id }) => id),
    };
    const title = this.field.package?.lead_kinds.find(({ code }) => code === what)?.name ?? "";
    await this.field.outbox.add(bundle(this.field.store.officer_code, { id: body.id, kind: "lead", title, body }, this.tray.photos));
    this.tray.clear();
    this.#build();
    this.page.say("已保存在本机，有网络时自动上传。");
    this.page.show("patrol");
  }
}
