/** Registering a case, with what is known of it from where it comes. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { field, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { askFor, input } from "./dialog.js";
import { factFields, factsOf } from "./edit.js";
import { placeFields, placeOf } from "./place.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */

/** @param {Record<string, string>} origin ids by kind: site, tenancy, lead, visit @param {(detail: CaseDetail) => void} done */
export async function registerCase(origin, done) {
  const draft = await getJson("/api/cases/draft", origin);
  const id = crypto.randomUUID();
  const unit = new UnitPicker("所属区划", "输入名称或代码查找", () => {});
  unit.show(draft.unit);
  const place = draft.lon === null ? null : { lon: draft.lon, lat: draft.lat };
  const from = draft.sources.length ? el("p", { class: "hint" }, `来源：${draft.sources.map((/** @type {{text: string}} */ each) => each.text).join("；")}`) : null;
  const fields = [from, field("问题编号", input("number", "", { maxlength: 64, placeholder: "留空由系统编号" })), ...factFields(draft.choices, draft), field("所属区划", unit.box, "有坐标时按坐标归属，可不填。"), ...placeFields(place)];
  const send = async (/** @type {FormData} */ values) => {
    const sources = { site_id: draft.site_id, tenancy_id: draft.tenancy_id, lead_id: draft.lead_id, visit_id: draft.visit_id };
    const body = { id, ...factsOf(values), ...sources, number: textOf(values, "number"), unit_code: unit.unit?.code ?? null, place: placeOf(values) };
    done(await sendJson("POST", "/api/cases", body));
  };
  askFor("登记案件", fields, "登记", send);
}
