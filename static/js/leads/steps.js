/** The dialog of each step. A refusal is shown in it, and nothing typed is lost. */

import { getJson } from "../api.js";
import { debounced, el } from "../dom.js";
import { instant } from "../format.js";
import { ask, field, select, textOf } from "../office.js";
import { showTrouble } from "../session.js";
import { DATUMS } from "./words.js";

/** @typedef {import("./types.js").Lead} Lead */
/** @typedef {(body: Record<string, unknown>) => Promise<void>} Send */
/** @typedef {{lon: number, lat: number}} At */

const KEEP_SECRET = "请勿写入举报人信息。";

/** @param {string} label @param {boolean} [required] */
function words(label, required = false) {
  return field(required ? `${label}（必填）` : label, el("textarea", { name: "words", rows: 3, maxlength: 500, required }), KEEP_SECRET);
}

/** @param {Lead} lead @param {string} step @param {Send} send @param {At|null} at */
export async function takeStep(lead, step, send, at) {
  try {
    await DIALOGS[step](lead, send, at);
  } catch (error) {
    showTrouble(error);
  }
}

/** @type {Record<string, (lead: Lead, send: Send, at: At|null) => unknown>} */
const DIALOGS = {
  assign(lead, send) {
    const known = new Map(lead.officers.map(({ code, name }) => [code, name]));
    if (lead.responsible) known.set(lead.responsible.code, `${lead.responsible.name}（网格责任人）`);
    const choices = /** @type {[string, string][]} */ ([...known]);
    const none = choices.length ? "" : "本区划今天没有网格员，请先落实网格责任人。";
    const picked = select("officer_code", [["", "请选择"], ...choices], lead.responsible?.code ?? "", { required: true });
    ask("分派线索", [none ? el("p", { class: "missing" }, none) : null, field("办理人", picked), words("要求")], "分派", (values) => send({ officer_code: textOf(values, "officer_code") ?? "", words: textOf(values, "words") }));
  },
  place(_lead, send, at) {
    const number = (/** @type {string} */ name, /** @type {string} */ label, /** @type {number|undefined} */ value) => field(label, el("input", { name, type: "text", inputmode: "decimal", maxlength: 20, required: true, value: value ?? "" }));
    ask("标明位置", [number("lon", "经度", at?.lon), number("lat", "纬度", at?.lat), field("坐标系", select("datum", DATUMS, "WGS-84")), words("依据")], "保存位置", (values) =>
      send({ place: { lon: Number(textOf(values, "lon") ?? "x"), lat: Number(textOf(values, "lat") ?? "x"), datum: textOf(values, "datum") }, words: textOf(values, "words") }),
    );
  },
  match: matchDialog,
  async check(lead, send) {
    const visits = lead.site ? (await getJson(`/api/sites/${lead.site.id}`)).visits.filter((/** @type {any} */ visit) => visit.result !== "not_entered" && visit.state !== "voided") : [];
    const choices = visits.map((/** @type {any} */ visit) => [visit.id, `${instant(visit.visited_at)} ${visit.result_text ?? ""}`]);
    const byVisit = choices.length ? field("检查走访", select("visit_id", [["", "不引用，写明核查情况"], ...choices], "")) : el("p", { class: "under" }, lead.site ? "该场所还没有可引用的检查走访，请写明核查情况。" : "线索未匹配场所，请写明核查情况。");
    ask("登记核查", [byVisit, field("核查日期", el("input", { name: "looked_on", type: "date" })), field("核查人", el("input", { name: "looked_by", maxlength: 100, value: lead.assigned_to?.name ?? "" })), words("所见情况")], "登记核查", (values) => {
      const visit = textOf(values, "visit_id");
      return send(visit ? { visit_id: visit, words: textOf(values, "words") } : { looked_on: textOf(values, "looked_on"), looked_by: textOf(values, "looked_by"), words: textOf(values, "words") });
    });
  },
  judge(_lead, send) {
    const verdict = select("verdict", [["", "请选择"], ["true", "属实"], ["false", "不属实"]], "", { required: true });
    ask("认定线索", [field("结论", verdict), words("理由", true)], "认定", (values) => send({ verdict: textOf(values, "verdict"), words: textOf(values, "words") ?? "" }));
  },
  reward(_lead, send) {
    const amount = el("input", { name: "amount", type: "text", inputmode: "decimal", maxlength: 12, required: true });
    ask("发放奖励", [field("金额（元）", amount), words("说明")], "登记奖励", (values) => send({ amount_yuan: textOf(values, "amount") ?? "", words: textOf(values, "words") }));
  },
  reopen(_lead, send) {
    ask("重新办理", [words("原因", true)], "重新办理", (values) => send({ words: textOf(values, "words") ?? "" }));
  },
  note(_lead, send) {
    ask("添加备注", [words("内容", true)], "保存", (values) => send({ words: textOf(values, "words") ?? "" }));
  },
};

/** @param {Lead} lead @param {Send} send */
async function matchDialog(lead, send) {
  const sites = el("select", { name: "site_id", required: true });
  const tenants = el("select", { name: "tenancy_id" });
  const search = el("input", { type: "search", maxlength: 100, value: lead.subject_name ?? "", "aria-label": "搜索场所", placeholder: "场所名称、租户或地址" });
  const showTenants = async () => {
    const known = isSite(sites.value) ? (await getJson(`/api/sites/${sites.value}`)).tenancies : [];
    tenants.replaceChildren(el("option", { value: "" }, "整个场所"), ...known.map((/** @type {any} */ each) => el("option", { value: each.id }, each.tenant_name)));
  };
  const find = async () => {
    const q = search.value.trim();
    const found = q ? (await getJson("/api/sites", { q, limit: 30 })).items : [];
    const none = el("option", { value: "none" }, "不是已登记的场所");
    sites.replaceChildren(el("option", { value: "" }, found.length ? `找到 ${found.length} 处，请选择` : "没有找到，可换个词再找"), ...found.map((/** @type {any} */ site) => el("option", { value: site.id }, `${site.name}${site.address ? `，${site.address}` : ""}`)), none);
    await showTenants();
  };
  search.addEventListener("input", debounced(300, () => find().catch(showTrouble)));
  sites.addEventListener("change", () => showTenants().catch(showTrouble));
  await find();
  const now = lead.site ? `现为：${lead.site.name}` : lead.no_known_site ? "现为：不是已登记的场所" : "尚未匹配。";
  ask("匹配场所", [el("p", { class: "under" }, now), field("搜索", search), field("场所", sites), field("租户", tenants), words("依据")], "保存", async (values) => {
    const site = textOf(values, "site_id") ?? "";
    await send({ site_id: isSite(site) ? site : null, tenancy_id: isSite(site) ? textOf(values, "tenancy_id") : null, words: textOf(values, "words") });
  });
}

/** @param {string} value */
function isSite(value) {
  return value !== "" && value !== "none";
}
