/** One plan: its rules, what it drew and why, how far it is. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { button, select, table } from "../office.js";
import { sendJson, showTrouble } from "../session.js";
import { omissions } from "./plans.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Plan} Plan */
/** @typedef {import("./types.js").ItemRow} ItemRow */

const STATES = /** @type {[string, string][]} */ ([["", "全部状态"], ["open", "待督导"], ["draft", "已填未定稿"], ["final", "已定稿"], ["missed", "发现漏查"]]);

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showPlan(pane, desk) {
  const id = encodeURIComponent(desk.query.get("plan") ?? "");
  /** @type {Plan} */
  const plan = await getJson(`/api/supervision/plans/${id}`);
  const shown = filtered(plan.listed, desk.query);
  pane.replaceChildren(
    button("‹ 全部方案", () => desk.go({ plan: null, form: null, state: null }), "link tall"),
    el("h2", {}, plan.name),
    facts(plan),
    el("div", { class: "row-actions" }, ...deeds(plan, desk)),
    el("p", { id: "verdict", class: "verdict", role: "status" }),
    el("details", { class: "rules" }, el("summary", {}, "抽样规则与总体"), rules(plan)),
    filters(plan, desk),
    plan.hidden ? el("p", { class: "hint" }, `另有 ${plan.hidden} 项尚未定稿，定稿前只对督导人员公开。`) : "",
    shown.length ? el("ol", { class: "drawn" }, ...shown.map((item) => card(item, desk))) : el("p", { class: "empty" }, plan.listed.length ? "没有符合条件的项。" : "还没有可以公开的项。"),
  );
}

/** @param {Plan} plan */
function facts(plan) {
  const rows = [
    ["范围", `${plan.unit.name}（${plan.kind_text}）`],
    ["抽样日期", `${plan.drawn_on}，${plan.by_name}`],
    ["公布的种子", plan.seed ?? "方案结束后公布"],
    ["已定稿", `${plan.final} / ${plan.items}`],
  ];
  return el(
    "dl",
    { class: "facts" },
    ...rows.map(([head, value]) => el("div", {}, el("dt", {}, head), el("dd", {}, value))),
    el("div", {}, el("dt", {}, "发现漏查"), el("dd", {}, omissions(plan.omissions))),
    el("div", {}, el("dt", {}, "状态"), el("dd", {}, plan.finished_at ? "已结束" : "进行中")),
  );
}

/** @param {Plan} plan @param {Desk} desk */
function deeds(plan, desk) {
  const report = el("a", { class: "quiet as-button", href: `/api/supervision/plans/${plan.id}/report.xlsx`, download: "" }, "下载督导情况（Excel）");
  if (!desk.supervises) return [report];
  const prove = button("复核抽样", () => void redraw(plan));
  const end = button("结束方案", () => void finish(plan, desk));
  return plan.finished_at ? [prove, report] : [prove, report, end];
}

/** @param {Plan} plan */
async function redraw(plan) {
  const place = document.getElementById("verdict");
  try {
    const found = await getJson(`/api/supervision/plans/${plan.id}/redraw`);
    place?.classList.toggle("is-wrong", !found.same);
    if (place) place.textContent = [found.text, ...found.differences].join("；");
  } catch (error) {
    showTrouble(error);
  }
}

/** @param {Plan} plan @param {Desk} desk */
async function finish(plan, desk) {
  try {
    await sendJson("POST", `/api/supervision/plans/${plan.id}/end`, {});
    desk.say("方案已结束");
    desk.go({});
  } catch (error) {
    showTrouble(error);
  }
}

/** @param {Plan} plan */
function rules(plan) {
  const rows = plan.strata.map(({ text, of, want, drawn }) => [text, of, want === null ? "全部" : want, drawn]);
  return el(
    "div",
    {},
    table("抽样规则", ["规则", "总数", "应抽", "抽中"], rows, "没有规则。"),
    el("p", { class: "hint" }, "随机数为“种子、换行、对象编号”的 SHA-256 值除以 2 的 256 次方；按随机数的权重次方根从大到小取（Efraimidis–Spirakis 2006）。每检查一处发现的问题越少，权重越大。"),
    el("p", { class: "hint digest" }, `抽样总体摘要（SHA-256）：${plan.population_digest}`),
  );
}

/** @param {Plan} plan @param {Desk} desk */
function filters(plan, desk) {
  const forms = [...new Map(plan.listed.map(({ form, form_title }) => [form, form_title]))];
  const choices = /** @type {[string, string][]} */ ([["", "全部表格"], ...forms.map(([form, title]) => [form, `${form} ${title}`])]);
  const pick = (/** @type {string} */ name) => (/** @type {Event} */ event) => desk.go({ [name]: /** @type {HTMLSelectElement} */ (event.target).value || null });
  return el(
    "div",
    { class: "office-tools" },
    select("form", choices, desk.query.get("form") ?? "", { "aria-label": "表格", onchange: pick("form") }),
    select("state", STATES, desk.query.get("state") ?? "", { "aria-label": "状态", onchange: pick("state") }),
  );
}

/** @param {ItemRow[]} items @param {URLSearchParams} query */
function filtered(items, query) {
  const [form, state] = [query.get("form"), query.get("state")];
  return items.filter((item) => (!form || item.form === form) && (!state || (state === "missed" ? item.found_omission === true : item.state === state)));
}

/** @param {ItemRow} item @param {Desk} desk */
function card(item, desk) {
  const state = el("span", { class: item.state === "final" ? "tag is-done" : "tag is-open" }, item.state_text);
  return el(
    "li",
    {},
    el("span", { class: "ordinal" }, item.ordinal),
    el("div", {}, button(item.name, () => desk.go({ item: item.id }), "link tall"), el("p", {}, [item.unit_name === item.name ? "" : item.unit_name, item.address].filter(Boolean).join(" · ")), el("p", { class: "why" }, `${item.form}　${item.stratum_text}。抽取依据：${item.why_text}`)),
    el("div", { class: "marks" }, state, item.found_omission ? el("span", { class: "tag is-missed" }, "发现漏查") : null),
  );
}
