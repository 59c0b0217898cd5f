/** What came to a desk: the form. Who reported is sent apart and comes back to nobody but intake. */

import { el } from "../dom.js";
import { ask, field, select, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { DATUMS, DESK_SOURCES, KINDS } from "./words.js";

/** @typedef {(id: string|null) => Promise<void>} Made */

/**
 * @param {import("../types.js").Person} person
 * @param {import("./map.js").LeadsMap|null} map its middle is offered as the place
 * @param {Made} made
 */
export function enterLead(person, map, made) {
  const id = crypto.randomUUID(); // sent again after a broken connection, it is stored once
  const unit = new UnitPicker("区划", "输入村（社区）、镇名称或代码", () => {});
  const [own] = person.units;
  if (own && person.units.length === 1) unit.show(own);
  const text = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ hint = "") => field(label, el("input", { name, maxlength: 100, autocomplete: "off" }), hint || undefined);
  const fields = [
    field("来源", select("source", DESK_SOURCES, "hotline")),
    text("number", "编号", "热线工单号、信访件号；没有可不填"),
    field("收到时间", el("input", { name: "told_at", type: "datetime-local", required: true, value: localNow() })),
    field("情况", select("what", KINDS, "other")),
    field("反映内容（必填）", el("textarea", { name: "told", rows: 4, maxlength: 500, required: true }), "其他人员会看到，请勿写入举报人信息"),
    text("subject_name", "反映对象"),
    text("subject_uscc", "统一社会信用代码"),
    text("address", "地址"),
    el("div", { class: "field" }, el("span", {}, "所属区划（必填）"), unit.box),
    place(map),
    reporter(),
  ];
  ask("登记线索", fields, "登记", async (values) => {
    const entered = await sendJson("POST", "/api/leads/entries", body(id, values, unit.unit?.code ?? ""));
    await made(entered.id);
  });
}

/** @param {import("./map.js").LeadsMap|null} map */
function place(map) {
  const number = (/** @type {string} */ name, /** @type {string} */ label) => el("input", { name, type: "text", inputmode: "decimal", maxlength: 20, "aria-label": label, placeholder: label });
  const lon = number("lon", "经度");
  const lat = number("lat", "纬度");
  const middle = () => {
    const at = map?.map.getCenter();
    if (!at) return;
    lon.value = at.lng.toFixed(6);
    lat.value = at.lat.toFixed(6);
  };
  return el(
    "fieldset",
    { class: "group" },
    el("legend", {}, "位置（不清楚可不填，会列为“无位置”，登记后可在图上点选）"),
    el("div", { class: "pair" }, lon, lat),
    field("坐标系", select("datum", DATUMS, "WGS-84")),
    map ? el("button", { type: "button", class: "quiet tall", onclick: middle }, "取地图中心") : null,
  );
}

function reporter() {
  const parts = el(
    "div",
    { hidden: true },
    field("姓名", el("input", { name: "reporter_name", maxlength: 100, autocomplete: "off" })),
    field("电话", el("input", { name: "reporter_phone", maxlength: 40, autocomplete: "off", inputmode: "tel" })),
  );
  const more = field("仅举报受理人员可见的内容", el("textarea", { name: "reporter_words", rows: 2, maxlength: 500 }));
  more.hidden = true;
  const how = select("reporter", [["", "不登记"], ["anonymous", "匿名"], ["named", "实名"]], "", {
    onchange: () => {
      parts.hidden = how.value !== "named";
      more.hidden = how.value === "";
    },
  });
  return el("fieldset", { class: "group" }, el("legend", {}, "举报人"), el("p", { class: "under" }, "单独保存，登记后只有举报受理人员可以查看，每次查看都有记录。"), field("方式", how), parts, more);
}

/** @param {string} id @param {FormData} values @param {string} unitCode */
function body(id, values, unitCode) {
  const [lon, lat] = [textOf(values, "lon"), textOf(values, "lat")];
  const how = textOf(values, "reporter");
  const isNamed = how === "named";
  return {
    id,
    source: textOf(values, "source"),
    number: textOf(values, "number"),
    what: textOf(values, "what"),
    told: textOf(values, "told") ?? "",
    told_at: `${textOf(values, "told_at") ?? ""}:00+08:00`,
    subject_name: textOf(values, "subject_name"),
    subject_uscc: textOf(values, "subject_uscc"),
    address: textOf(values, "address"),
    unit_code: unitCode,
    place: lon || lat ? { lon: Number(lon ?? "x"), lat: Number(lat ?? "x"), datum: textOf(values, "datum") } : null,
    reporter: how ? { is_anonymous: !isNamed, name: isNamed ? textOf(values, "reporter_name") : null, phone: isNamed ? textOf(values, "reporter_phone") : null, words: textOf(values, "reporter_words") } : null,
  };
}

/** Now, as a datetime-local input takes it, in the service's local time (UTC+8). */
function localNow() {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16);
}
