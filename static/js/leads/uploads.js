/** Files that leads are found in: power readings and traces of vehicles, each answered by a report. */

import { el } from "../dom.js";
import { instant } from "../format.js";
import { ask, button, field, select } from "../office.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { sendForm } from "./send.js";
import { DATUMS, VERDICTS } from "./words.js";

/** @typedef {(id: string|null) => Promise<void>} Made */
/** @typedef {import("../dom.js").Child} Child */

/** @param {string} accept @param {string} hint */
function fileField(accept, hint) {
  return field("文件", el("input", { name: "file", type: "file", accept, required: true }), hint);
}

/** @param {UnitPicker} unit */
function unitField(unit) {
  return el("div", { class: "field" }, el("span", {}, "所属区划（必填）"), unit.box, el("small", {}, "只在这个区划内生成线索"));
}

/** @param {Made} made */
export function importPower(made) {
  const unit = new UnitPicker("区划", "输入镇、村名称或代码", () => {});
  const about = el("p", { class: "under" }, "与用户自身的用电规律比较：近 3 个月明显偏离、增加一半以上且每月多 500 千瓦时以上的，列为线索。同一文件只生成一次。");
  const table = fileField(".xlsx,.xls,.ods,.csv", "每月一列（如 2026-01），或“月份”“用电量”两列；须有户号或户名");
  ask("导入用电量", [about, table, unitField(unit)], "导入", async (form) => {
    form.set("unit_code", unit.unit?.code ?? "");
    const report = /** @type {import("./types.js").PowerReport} */ (await sendForm("/api/leads/power", form));
    await made(null);
    showPower(report, made);
  });
}

/** @param {Made} made */
export function importVehicle(made) {
  const unit = new UnitPicker("区划", "输入区县、镇、村名称或代码", () => {});
  const about = el("p", { class: "under" }, "危险货物车辆停留 15 分钟以上、150 米内没有已登记场所的，列为线索。同一次停留只登记一次。");
  const plate = field("车牌", el("input", { name: "plate", maxlength: 20, required: true, autocomplete: "off" }));
  ask("导入车辆轨迹", [about, fileField(".gpx,.kml,.kmz,.geojson,.json,.csv", "GPX、KML、GeoJSON 或 CSV（时间、经度、纬度）"), plate, field("坐标系", select("datum", DATUMS, "WGS-84")), unitField(unit)], "导入", async (form) => {
    form.set("unit_code", unit.unit?.code ?? "");
    const report = /** @type {import("./types.js").VehicleReport} */ (await sendForm("/api/leads/vehicles", form));
    await made(null);
    showVehicle(report, made);
  });
}

/** @param {string} title @param {boolean} isReplay @param {[string, string|number][]} figures @param {Child[]} more */
function report(title, isReplay, figures, more) {
  const dialog = el(
    "dialog",
    { class: "office-dialog report" },
    el("h2", {}, title),
    isReplay ? el("p", { class: "missing" }, "这个文件以前导入过，以下是当时的结果，没有重复生成线索。") : null,
    el("dl", { class: "figures" }, ...figures.flatMap(([name, n]) => [el("dt", {}, name), el("dd", {}, n)])),
    ...more,
    el("div", { class: "actions" }, button("关闭", () => dialog.close(), "button")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {string} title @param {Child[]} items */
function listed(title, items) {
  return items.length ? el("details", {}, el("summary", {}, `${title}（${items.length}）`), el("ul", {}, ...items.map((item) => el("li", {}, item)))) : null;
}

/** @param {import("./types.js").PowerReport} told @param {Made} made */
function showPower(told, made) {
  const figures = /** @type {[string, string|number][]} */ ([
    ["月份", told.months.join(" 至 ")],
    ["用户", told.users],
    ["已判断", told.judged],
    ["历史不足", told.too_short],
    ["读数有误", told.unreadable],
    ["已有线索", told.known],
    ["新生成线索", told.leads],
    ["其中新用户大用量", told.new_users],
    ["无位置", told.unplaced],
  ]);
  const dialog = report("用电量导入结果", told.is_replay, figures, [
    listed("线索", told.items.map(({ id, name }) => opener(name, id, () => dialog, made))),
    listed("历史不足的用户", told.short_users),
    listed("有误的行", told.problems.map(({ row, text }) => (row === null ? text : `第 ${row} 行：${text}`))),
  ]);
}

/** @param {import("./types.js").VehicleReport} told @param {Made} made */
function showVehicle(told, made) {
  const figures = /** @type {[string, string|number][]} */ ([
    ["车牌", told.plate],
    ["定位点", told.fixes],
    ["停留", told.stops],
    ["新生成线索", told.leads],
    ["在登记场所", told.at_sites],
    ["辖区外", told.outside],
    ["此前已登记", told.known],
  ]);
  const stops = told.items.map((stop) => {
    const text = `${instant(stop.from_at)}，${stop.minutes} 分钟：${VERDICTS[stop.verdict]}。${stop.text}`;
    return stop.lead_id ? opener(text, stop.lead_id, () => dialog, made) : text;
  });
  const dialog = report("车辆轨迹导入结果", told.is_replay, figures, [listed("停留", stops), listed("说明", told.notes)]);
}

/** @param {string} text @param {string} id @param {() => HTMLDialogElement} holder @param {Made} made */
function opener(text, id, holder, made) {
  const open = () => {
    holder().close();
    void made(id);
  };
  return button(text, open, "link");
}
