/** Dialogs about tenancies and the end of a site. A refusal stays in the dialog with all that was typed. */

import { ApiError, getJson } from "../api.js";
import { el } from "../dom.js";
import { ask, button, field, select, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { ASPECTS, CHECK_RESULTS, FIELDS, SUBLETS } from "./words.js";

/** @typedef {import("./types.js").SiteDetail} SiteDetail */
/** @typedef {import("./types.js").Tenancy} Tenancy */
/** @typedef {import("./types.js").Chemical} Chemical */

const TEXTS = ["tenant_name", "uscc", "contact_name", "contact_phone", "floor_unit", "process", "main_risks", "lease_from", "lease_to", "started_on"];

/** @param {string} name @param {string|number|null|undefined} value @param {Record<string, string|number|boolean>} [more] @param {string} [hint] */
function text(name, value, more = {}, hint) {
  return field(FIELDS[name], el("input", { name, value: value ?? "", maxlength: 100, autocomplete: "off", ...more }), hint);
}

/** A day in local time, YYYY-MM-DD. */
function today() {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/**
 * @param {SiteDetail} site
 * @param {Tenancy|null} tenancy null: a new one
 * @param {Tenancy|null} parent from whom a new one rents; null: from the site's owner
 * @param {() => Promise<void>} done
 */
export function editTenancy(site, tenancy, parent, done) {
  const id = tenancy?.id ?? crypto.randomUUID();
  const chemicals = new Chemicals(tenancy?.chemicals ?? []);
  const others = site.tenancies.filter((each) => each.is_current && each.id !== tenancy?.id);
  const from = tenancy ? tenancy.parent_id : (parent?.id ?? null);
  const fields = [
    text("tenant_name", tenancy?.tenant_name, { required: true }),
    field("转租自", select("parent_id", [["", "直接向出租方承租"], .../** @type {[string, string][]} */ (others.map((each) => [each.id, each.tenant_name]))], from ?? "")),
    el("div", { class: "two" }, text("floor_unit", tenancy?.floor_unit), text("area_m2", tenancy?.area_m2, { type: "number", min: 0, step: "any" }, "平方米")),
    text("uscc", tenancy?.uscc, {}, "18 位，末位为校验码"),
    el("div", { class: "two" }, text("contact_name", tenancy?.contact_name), text("contact_phone", tenancy?.contact_phone)),
    text("process", tenancy?.process, { maxlength: 500 }),
    text("main_risks", tenancy?.main_risks, { maxlength: 500 }),
    chemicals.box,
    el("div", { class: "two" }, text("lease_from", tenancy?.lease_from, { type: "date" }), text("lease_to", tenancy?.lease_to, { type: "date" }, "租期最后一天")),
    el("div", { class: "two" }, text("started_on", tenancy?.started_on ?? today(), { type: "date", required: true }), field("有无再转租", select("sublets", SUBLETS, tenancy?.sublets ?? "unknown"))),
    tenancy?.state === "reported" ? el("label", { class: "field check" }, el("input", { type: "checkbox", name: "confirmed", checked: true }), el("span", {}, "资料已核实补全")) : null,
  ];
  const before = tenancy && valuesOf(tenancy);
  let version = tenancy?.version ?? 0;
  ask(tenancy ? `修改 ${tenancy.tenant_name}` : parent ? `新增 ${parent.tenant_name} 的转租户` : "新增租户", fields, "保存", async (values) => {
    const now = { ...read(values), chemicals: chemicals.values() };
    if (!tenancy || !before) await sendJson("POST", `/api/sites/${site.id}/tenancies`, { id, ...now });
    else {
      const body = { ...changed(before, now), ...(values.has("confirmed") ? { state: "confirmed" } : {}) };
      await sendJson("PATCH", `/api/tenancies/${id}`, { version, ...body }).catch(async (error) => {
        version = await newest(error, site.id, id, version);
        throw error;
      });
    }
    await done();
  });
}

/**
 * The version to save upon after somebody else was faster; what was typed is kept.
 * @param {unknown} error @param {string} site_id @param {string} id @param {number} version
 */
async function newest(error, site_id, id, version) {
  if (!(error instanceof ApiError) || error.status !== 409) return version;
  const now = /** @type {SiteDetail|null} */ (await getJson(`/api/sites/${site_id}`).catch(() => null));
  return now?.tenancies.find((each) => each.id === id)?.version ?? version;
}

/** @param {FormData} values @returns {Record<string, unknown>} */
function read(values) {
  const area = textOf(values, "area_m2");
  return { ...Object.fromEntries(TEXTS.map((name) => [name, textOf(values, name)])), area_m2: area === null ? null : Number(area), parent_id: textOf(values, "parent_id"), sublets: String(values.get("sublets")) };
}

/** @param {Tenancy} tenancy @returns {Record<string, unknown>} */
function valuesOf(tenancy) {
  const known = /** @type {any} */ (tenancy);
  return Object.fromEntries([...TEXTS, "area_m2", "parent_id", "sublets", "chemicals"].map((name) => [name, known[name] ?? null]));
}

/** @param {Record<string, unknown>} before @param {Record<string, unknown>} now */
function changed(before, now) {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}

/** Chemicals with their amounts, a line each. */
class Chemicals {
  /** @param {Chemical[]} known */
  constructor(known) {
    this.lines = el("div", { class: "chemicals" });
    for (const chemical of known) this.#add(chemical);
    this.box = el("fieldset", { class: "field" }, el("legend", {}, "化学品"), this.lines, button("增加一种化学品", () => this.#add(null), "quiet tall"));
  }

  /** @param {Chemical|null} chemical */
  #add(chemical) {
    const input = (/** @type {string} */ label, /** @type {string} */ name, /** @type {string|number|null|undefined} */ value, more = {}) => el("input", { "data-part": name, "aria-label": label, placeholder: label, value: value ?? "", maxlength: 100, ...more });
    const line = el("div", { class: "chemical" }, input("名称", "name", chemical?.name), input("数量", "amount", chemical?.amount, { type: "number", min: 0, step: "any" }), input("单位", "unit", chemical?.unit, { maxlength: 20 }), button("删除", () => line.remove()));
    this.lines.append(line);
  }

  /** @returns {Chemical[]} lines without a name are none; throws ApiError for an amount of nothing */
  values() {
    return [...this.lines.children].flatMap((line) => {
      const [name, amount, unit] = ["name", "amount", "unit"].map((part) => /** @type {HTMLInputElement} */ (line.querySelector(`[data-part="${part}"]`)).value.trim());
      if (!name && (amount || unit)) throw new ApiError("化学品有数量而没有名称，请补填名称或删除这一行。", 422);
      return name ? [{ name, amount: amount ? Number(amount) : null, unit: unit || null }] : [];
    });
  }
}

/** @param {SiteDetail} site @param {Tenancy} tenancy @param {() => Promise<void>} done */
export function endTenancy(site, tenancy, done) {
  const below = site.tenancies.some((each) => each.is_current && each.parent_id === tenancy.id);
  const fields = [
    el("p", {}, "租户退出后不再要求走访，记录保留。"),
    field("退出日期（不再占用的第一天）", el("input", { name: "ended_on", type: "date", required: true, value: today() })),
    field("原因", el("textarea", { name: "why", rows: 2, maxlength: 500, required: true })),
    below ? el("label", { class: "field check" }, el("input", { type: "checkbox", name: "with_subtenancies" }), el("span", {}, "其转租户一并退出")) : null,
  ];
  ask(`${tenancy.tenant_name} 退出`, fields, "确认退出", async (values) => {
    const body = { ended_on: textOf(values, "ended_on"), why: textOf(values, "why"), version: tenancy.version, with_subtenancies: values.has("with_subtenancies") };
    await sendJson("POST", `/api/tenancies/${tenancy.id}/end`, body);
    await done();
  });
}

/** @param {Tenancy} tenancy @param {() => Promise<void>} done */
export function addCheck(tenancy, done) {
  const id = crypto.randomUUID();
  const fields = [
    el("p", {}, "每次登记一个项目；同一项目以最近一次为准，以前的结果保留。"),
    field("体检项目", select("aspect", ASPECTS, "structure")),
    field("结果", select("result", CHECK_RESULTS, "passed")),
    field("检查人或机构", el("input", { name: "checked_by", required: true, maxlength: 100 })),
    field("检查日期", el("input", { name: "checked_on", type: "date", required: true, value: today() })),
    field("备注", el("textarea", { name: "note", rows: 2, maxlength: 500 })),
  ];
  ask(`${tenancy.tenant_name} 租前体检`, fields, "登记", async (values) => {
    const body = Object.fromEntries(["aspect", "result", "checked_by", "checked_on", "note"].map((name) => [name, textOf(values, name)]));
    await sendJson("POST", `/api/tenancies/${tenancy.id}/checks`, { id, ...body });
    await done();
  });
}

/** @param {SiteDetail} site @param {() => Promise<void>} done */
export function removeSite(site, done) {
  const fields = [el("p", {}, "移除后不再要求检查，不再出现在清单和地图上；全部记录保留。"), field("原因", el("textarea", { name: "why", rows: 3, maxlength: 500, required: true }))];
  ask(`移除 ${site.name}`, fields, "确认移除", async (values) => {
    await sendJson("POST", `/api/sites/${site.id}/removal`, { why: textOf(values, "why"), version: site.version });
    await done();
  });
}

/** @param {SiteDetail} site @param {() => Promise<void>} done */
export function restoreSite(site, done) {
  const fields = [el("p", {}, "恢复后重新要求检查。"), field("原因", el("textarea", { name: "why", rows: 3, maxlength: 500, required: true }))];
  ask(`恢复 ${site.name}`, fields, "确认恢复", async (values) => {
    await sendJson("POST", `/api/sites/${site.id}/restoration`, { why: textOf(values, "why") });
    await done();
  });
}
