/** Changing the facts of a file: only what was changed is sent, with the reason. */

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { field, select, textOf } from "../office.js";
import { area, askFor, check, input, today, why, write } from "./dialog.js";
import { chemicalText } from "./file.js";
import { placeFields, placeOf } from "./place.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Choices} Choices */
/** @typedef {import("./types.js").Chemical} Chemical */
/** @typedef {import("./types.js").Desk} Desk */

const FIGURES = /** @type {const} */ (["fine_wan", "confiscated_wan", "transferred_persons", "detained_persons", "disciplined_persons"]);
const DAYS = /** @type {const} */ (["filed_on", "fined_on", "confiscated_on", "transferred_on"]);
const FLAGS = /** @type {const} */ (["is_shut", "is_suspended", "is_dismantled"]);

/** @param {CaseDetail} detail @param {Desk} desk */
export function editFacts(detail, desk) {
  const place = detail.lon === null || detail.lat === null ? null : { lon: detail.lon, lat: detail.lat };
  const fields = [...factFields(detail.choices, detail), ...placeFields(place), why("修改原因", "why")];
  const before = place && { lon: place.lon.toFixed(7), lat: place.lat.toFixed(7) };
  const send = (/** @type {FormData} */ values) => {
    const isMoved = values.get("lon") !== (before?.lon ?? "") || values.get("lat") !== (before?.lat ?? "") || (before && values.get("datum") !== "WGS-84");
    const given = factsOf(values);
    return change(detail, desk, isMoved ? { ...given, place: placeOf(values) } : given, values);
  };
  askFor("修改基本情况", fields, "保存", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
export function editPenalties(detail, desk) {
  const names = detail.fields;
  const figures = FIGURES.map((name) => field(names[name], input(name, String(detail[name]), { inputmode: "decimal", maxlength: 14 })));
  const days = DAYS.map((name) => field(names[name], input(name, detail[name] ?? "", { type: "date", max: today() })));
  const flags = FLAGS.map((name) => check(name, names[name], detail[name]));
  const fields = [el("div", { class: "field" }, ...flags), ...figures, ...days, why("修改原因", "why", "如：处罚决定书文号。")];
  const send = (/** @type {FormData} */ values) => {
    const numbers = FIGURES.map((name) => [name, figure(names[name], textOf(values, name) ?? "0")]);
    const given = Object.fromEntries([...numbers, ...DAYS.map((name) => [name, textOf(values, name)]), ...FLAGS.map((name) => [name, values.has(name)])]);
    return change(detail, desk, given, values);
  };
  askFor("修改处罚", fields, "保存", send, desk.stale);
}

/** The fields of a case that people fill in. @param {Choices} choices @param {Partial<CaseDetail>} known */
export function factFields(choices, known) {
  const kinds = select("chemical_kind", [["", "—"], ...Object.entries(choices.chemical_kinds)], known.chemical_kind ?? "");
  const kind = field("小化工情形", kinds);
  const category = select("category", Object.entries(choices.categories), known.category ?? "chemical", { onchange: () => (kind.hidden = category.value !== "chemical") });
  kind.hidden = category.value !== "chemical";
  const stages = Object.entries(choices.stages).map(([code, text]) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "stages", value: code, checked: known.stages?.includes(code) ?? false }), text));
  const chemicals = (known.chemicals ?? []).map(({ name, amount, unit }) => [name, amount ?? "", unit ?? ""].join("，").replace(/[，]+$/, "")).join("\n");
  return [
    field("问题单位（个人）", input("party_name", known.party_name ?? "", { required: true, maxlength: 100 })),
    field("统一社会信用代码", input("party_uscc", known.party_uscc ?? "", { maxlength: 18 })),
    field("问题类别", category),
    kind,
    el("fieldset", { class: "field" }, el("legend", {}, "违法环节"), el("div", { class: "checks" }, ...stages)),
    field("化学品及数量", area("chemicals", chemicals, { rows: 3, maxlength: 4000 }), "每行一种：名称，数量，单位。如：甲苯，0.2，吨"),
    field("详细地址", input("address", known.address ?? "", { required: true, maxlength: 100 })),
    field("负责人", input("responsible_name", known.responsible_name ?? "", { maxlength: 100 })),
    field("负责人电话", input("responsible_phone", known.responsible_phone ?? "", { maxlength: 100, inputmode: "tel" })),
    field("问题具体描述", area("description", known.description ?? "", { required: true, rows: 5, maxlength: 4000 })),
    field("采取的措施", area("measures", known.measures ?? "", { rows: 4, maxlength: 4000 })),
    field("整治方式", select("way_to_close", [["", "未选择"], ...Object.entries(choices.ways)], known.way_to_close ?? "")),
    field("跟踪督办人", input("handler_name", known.handler_name ?? "", { maxlength: 100 })),
    field("督办人电话", input("handler_phone", known.handler_phone ?? "", { maxlength: 100, inputmode: "tel" })),
    field("发现日期", input("found_on", known.found_on ?? today(), { type: "date", required: true, max: today() })),
    field("整治期限", input("deadline", known.deadline ?? "", { type: "date", required: true })),
  ];
}

/** What was filled in of them. Throws ApiError. @param {FormData} values @returns {Record<string, any>} */
export function factsOf(values) {
  const names = ["party_name", "party_uscc", "category", "address", "responsible_name", "responsible_phone", "description", "measures", "way_to_close", "handler_name", "handler_phone", "found_on", "deadline"];
  const category = values.get("category");
  return {
    ...Object.fromEntries(names.map((name) => [name, textOf(values, name)])),
    chemical_kind: category === "chemical" ? textOf(values, "chemical_kind") : null,
    stages: values.getAll("stages"),
    chemicals: chemicalsOf(String(values.get("chemicals") ?? "")),
  };
}

/** @param {string} text @returns {Chemical[]} */
function chemicalsOf(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => {
    const [name, amount = "", unit = ""] = line.split(/[,，\t]/).map((part) => part.trim());
    return { name, amount: amount === "" ? null : figure(`${name}的数量`, amount), unit: unit || null };
  });
}

/** @param {string} name @param {string} text */
function figure(name, text) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) throw new ApiError(`${name}应为不小于 0 的数字，现为“${text}”。`, 422);
  return value;
}

/** @param {CaseDetail} detail @param {Desk} desk @param {Record<string, any>} given @param {FormData} values */
function change(detail, desk, given, values) {
  const known = /** @type {Record<string, any>} */ (detail);
  const same = (/** @type {string} */ name) => (name === "chemicals" ? detail.chemicals.map(chemicalText).join("；") === given.chemicals.map(chemicalText).join("；") : JSON.stringify(known[name]) === JSON.stringify(given[name]));
  const changed = Object.fromEntries(Object.entries(given).filter(([name]) => name === "place" || !same(name)));
  if (!Object.keys(changed).length) throw new ApiError("内容与原来相同，没有需要保存的修改。", 422);
  return write(desk, "PATCH", `/api/cases/${detail.id}`, { version: detail.version, why: textOf(values, "why"), ...changed }, "修改已保存");
}
