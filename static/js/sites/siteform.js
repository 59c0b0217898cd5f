/** Adding a site, or changing one: in the panel, so that the map stays in reach. A refusal loses nothing that was typed. */

import { ApiError, getJson } from "../api.js";
import { byId, el } from "../dom.js";
import { field, select } from "../office.js";
import { OCCUPANCIES, SITE_KINDS } from "../sitestates.js";
import { UnitPicker } from "./unitpicker.js";
import { DATUMS, FIELDS, RISKS, SHUT_DOWN_KINDS } from "./words.js";

/** @typedef {import("./types.js").SiteDetail} SiteDetail */
/** @typedef {Record<string, string|number|null>} Values */
/** @typedef {{send: (body: Record<string, unknown>) => Promise<any>, done: (id: string) => void, close: () => void, pick: ((picked: (place: {lon: number, lat: number}) => void) => void)|null, mark: (place: {lon: number, lat: number}|null) => void}} On */

const TEXTS = ["code", "name", "uscc", "address", "lessor_name", "lessor_phone", "dust_kind", "dust_confirmed_by", "dust_confirmed_on", "safety_officer"];
const CHOICES = ["kind", "occupancy", "shut_down_kind", "risk"];
const PLACE = ["lon", "lat"];
const CONFLICT = 409;

export class SiteForm {
  /** @param {SiteDetail|null} site null: a new one @param {On} on */
  constructor(site, on) {
    this.on = on;
    /** @type {SiteDetail|null} */
    this.site = site;
    this.id = site?.id ?? crypto.randomUUID();
    this.unit = new UnitPicker("所填区划", "输入村（社区）名称或代码", () => {});
    if (site) this.unit.show(site.stated_unit);
    this.trouble = el("p", { class: "trouble", role: "alert", hidden: true });
    this.submit = el("button", { type: "submit", class: "button" }, site ? "保存修改" : "保存");
    this.form = el("form", { id: "site-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.#send(event) }, ...this.#parts());
    this.before = this.#values();
    this.form.addEventListener("input", () => this.#react());
    this.#react();
    byId("site").replaceChildren(this.form);
    this.form.querySelector("input")?.focus();
  }

  #parts() {
    const { site } = this;
    return [
      el("header", { class: "site-top" }, el("button", { type: "button", id: "back", class: "quiet", onclick: this.on.close }, "返回"), el("h2", {}, site ? `修改 ${site.name}` : "新增场所")),
      el(
        "div",
        { class: "site-body" },
        part("基本情况", this.#text("name", true), this.#choice("kind", Object.entries(SITE_KINDS), site ? null : "请选择"), this.#choice("occupancy", Object.entries(OCCUPANCIES), site ? null : "请选择"), this.#choice("shut_down_kind", SHUT_DOWN_KINDS, "请选择"), this.#text("address"), el("div", { class: "field" }, el("span", {}, "所填区划（台账上写的村、社区）"), this.unit.box)),
        this.#place(),
        part("检查周期", this.#choice("risk", RISKS, "未定"), field("单独的检查周期（天，留空按风险等级）", el("input", { name: "cycle_days", type: "number", min: 1, max: 366, inputmode: "numeric", value: site?.stated_cycle_days ?? "" }))),
        part("责任主体", this.#text("uscc", false, "18 位，末位为校验码"), this.#text("lessor_name"), this.#text("lessor_phone"), this.#text("safety_officer"), this.#text("code", false, site ? undefined : "留空自动编号")),
        part("粉尘（不涉粉尘的不填）", this.#text("dust_kind"), this.#text("dust_confirmed_by"), field("粉尘确认日期", el("input", { name: "dust_confirmed_on", type: "date", value: site?.dust_confirmed_on ?? "" }))),
        site ? part("修改原因（选填，记入变更记录）", el("textarea", { name: "words", rows: 2, maxlength: 500, "aria-label": "修改原因" })) : "",
        this.trouble,
        el("div", { class: "actions" }, el("button", { type: "button", class: "quiet tall", onclick: this.on.close }, "取消"), this.submit),
      ),
    ];
  }

  #place() {
    const { site } = this;
    const lon = site?.has_point ? site.lon : null;
    const lat = site?.has_point ? site.lat : null;
    const pick = this.on.pick;
    const number = (/** @type {string} */ name, /** @type {number|null} */ value) => field(FIELDS[name], el("input", { name, type: "text", inputmode: "decimal", maxlength: 20, value: value ?? "" }));
    const fromMap = pick ? el("button", { type: "button", class: "quiet tall", id: "pick", onclick: () => pick((place) => this.#picked(place)) }, "在图上点选") : el("p", { class: "under" }, "本机浏览器画不了地图，请填写坐标。");
    const hint = site?.outline && !site.has_point ? el("p", { class: "under" }, "位置取自轮廓；另填坐标则以坐标为准。") : el("p", { class: "under" }, "不清楚可以不填，会列为遗漏“无坐标”。");
    return part("位置", fromMap, el("div", { class: "two" }, number("lon", lon), number("lat", lat)), field("坐标系", select("datum", DATUMS, "WGS-84")), hint);
  }

  /** @param {{lon: number, lat: number}} place */
  #picked({ lon, lat }) {
    this.#control("lon").value = String(lon);
    this.#control("lat").value = String(lat);
    this.#control("datum").value = "WGS-84";
    this.#react();
  }

  /** @param {string} name @param {boolean} [required] @param {string} [hint] */
  #text(name, required = false, hint) {
    const known = this.site ? /** @type {any} */ (this.site)[name] : null;
    return field(required ? `${FIELDS[name]}（必填）` : FIELDS[name], el("input", { name, maxlength: name === "address" ? 500 : 100, value: known ?? "", autocomplete: "off" }), hint);
  }

  /** @param {string} name @param {[string, string][]} options @param {string|null} none the word for no choice; null: there must be one */
  #choice(name, options, none) {
    const known = this.site ? /** @type {any} */ (this.site)[name] : null;
    return field(FIELDS[name], select(name, none === null ? options : [["", none], ...options], known ?? ""));
  }

  /** @param {string} name */
  #control(name) {
    return /** @type {HTMLInputElement|HTMLSelectElement} */ (this.form.elements.namedItem(name));
  }

  /** What hangs on what was typed. */
  #react() {
    const kind = this.#control("shut_down_kind").closest(".field");
    if (kind instanceof HTMLElement) kind.hidden = this.#control("occupancy").value !== "shut_down";
    const [lon, lat] = PLACE.map((name) => Number(this.#control(name).value || NaN));
    const isOnMap = ["WGS-84", "CGCS2000"].includes(this.#control("datum").value);
    this.on.mark(isOnMap && Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { lon, lat } : null);
  }

  /** @returns {Values} what is filled in, null for blank */
  #values() {
    /** @type {Values} */
    const values = {};
    for (const name of [...TEXTS, ...CHOICES]) values[name] = this.#control(name).value.trim() || null;
    if (values.occupancy !== "shut_down") values.shut_down_kind = null;
    const cycle = this.#control("cycle_days").value.trim();
    values.cycle_days = cycle ? Number(cycle) : null;
    for (const name of PLACE) values[name] = this.#control(name).value.trim() ? Number(this.#control(name).value.trim()) : null;
    values.stated_unit_code = this.unit.unit?.code ?? null;
    return values;
  }

  /** What to say before anything is sent; "" when nothing is missing. @param {Values} values */
  #missing(values) {
    if (!values.name) return "请填写名称。";
    if (!values.kind) return "请选择类型。";
    if (!values.occupancy) return "请选择占用情况。";
    if (values.occupancy === "shut_down" && !values.shut_down_kind) return "停产停业的，请选择是取缔、关闭还是退出。";
    if (!values.stated_unit_code) return "请选择所填区划：输入村（社区）名称后从列表中选取。";
    if (PLACE.some((name) => Number.isNaN(values[name]))) return "经度、纬度应为十进制度数，例如 119.974500 和 31.811000。";
    return (values.lon === null) !== (values.lat === null) ? "经度和纬度要么都填，要么都不填。" : "";
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const values = this.#values();
    const missing = this.#missing(values);
    if (missing) return this.#tell(missing);
    this.submit.disabled = true;
    this.trouble.hidden = true;
    try {
      const body = this.site ? this.#changes(values) : this.#whole(values);
      const saved = body ? await this.on.send(body) : null;
      this.on.mark(null);
      this.on.done(saved?.id ?? this.id);
    } catch (error) {
      this.submit.disabled = false;
      await this.#refused(error);
    }
    return undefined;
  }

  /** @param {Values} values */
  #whole(values) {
    const datum = values.lon === null ? {} : { datum: this.#control("datum").value };
    return { id: this.id, ...values, ...datum };
  }

  /** Only what was changed, so that what others changed meanwhile stays; null for nothing. @param {Values} values */
  #changes(values) {
    const names = Object.keys(values).filter((name) => values[name] !== this.before[name]);
    if (!names.length || !this.site) return null;
    /** @type {Record<string, unknown>} */
    const body = Object.fromEntries(names.map((name) => [name, values[name]]));
    if (PLACE.some((name) => names.includes(name))) Object.assign(body, { lon: values.lon, lat: values.lat }, values.lon === null ? {} : { datum: this.#control("datum").value });
    const words = this.#control("words").value.trim();
    return { version: this.site.version, ...body, ...(words ? { words } : {}) };
  }

  /** @param {unknown} error */
  async #refused(error) {
    const message = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
    if (!(error instanceof ApiError) || error.status !== CONFLICT || !this.site) return this.#tell(message);
    try {
      const now = /** @type {SiteDetail} */ (await getJson(`/api/sites/${this.site.id}`));
      if (now.version === this.site.version) return this.#tell(message);
      this.site = now;
      this.#tell("在您打开之后，本场所已被他人修改，这次没有保存。您填写的内容还在；再次保存只改您改过的各项，他人的修改保留。");
    } catch {
      this.#tell(message);
    }
    return undefined;
  }

  /** @param {string} text */
  #tell(text) {
    this.trouble.textContent = text;
    this.trouble.hidden = false;
    this.trouble.scrollIntoView({ block: "nearest" });
  }
}

/** @param {string} title @param {...import("../dom.js").Child} children */
function part(title, ...children) {
  return el("fieldset", { class: "form-part" }, el("legend", {}, title), ...children);
}
