/** One order: what and where, how far the evidence has come, who answers for it, what was done with it. */

import { byId, el } from "../dom.js";
import { area, day, instant } from "../format.js";
import { button } from "../office.js";
import { badges, LEVELS, stateTag } from "./list.js";
import { takeStep } from "./steps.js";

/** @typedef {import("./types.js").Order} Order */
/** @typedef {import("./types.js").Event} Event */

/** @param {Order} order @param {boolean} mayManage @param {{back: () => void, send: (body: Record<string, unknown>) => Promise<void>}} on */
export function showOrder(order, mayManage, on) {
  byId("order").replaceChildren(
    el("header", { class: "order-top" }, button("返回清单", on.back, "quiet tall back"), el("h2", {}, order.name), stateTag(order), ...badges(order)),
    el("div", { class: "order-body" }, what(order), how(order), who(order), part("经过", el("ol", { class: "timeline" }, ...order.events.map(line)))),
    mayManage ? actions(order, on.send) : "",
  );
}

/** @param {string} title @param {...import("../dom.js").Child} children */
function part(title, ...children) {
  return el("section", { class: "order-part" }, el("h3", {}, title), ...children);
}

/** @param {Order} order */
function what(order) {
  /** @type {[string, import("../dom.js").Child][]} */
  const facts = [
    ["对象", order.subject_kind_text],
    ["所在", [order.unit.name, order.grid?.name].filter(Boolean).join(" › ")],
    ["面积", order.area_m2 === null ? null : area(order.area_m2)],
    ["任务", order.task],
    ["要求", order.words],
    ["网格员", order.officer_phone ? el("span", {}, `${order.officer.name} `, el("a", { href: `tel:${order.officer_phone}` }, order.officer_phone)) : order.officer.name],
    ["期限", `${day(order.deadline)}${order.state === "open" ? (order.days_left < 0 ? `，已超期 ${-order.days_left} 天` : `，还有 ${order.days_left} 天`) : ""}`],
    ["派单人", `${order.created_by}，${instant(order.created_at)}`],
    ["查看", el("span", {}, ...links(order))],
  ];
  return part("任务", el("dl", {}, ...facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

/** Where the thing itself is shown. @param {Order} order */
function links(order) {
  const id = encodeURIComponent(order.subject_id ?? "");
  const pages = /** @type {Record<string, [string, string]>} */ ({
    site: [`/sites?site=${id}`, "打开场所"],
    lead: [`/leads?id=${id}`, "打开线索"],
    case: [`/cases?id=${id}`, "打开案件"],
    grid: [`/?grid=${id}`, "打开网格"],
    baseline_row: [`/baselines?list=${order.baseline_id}&row=${id}`, "打开底单"],
  });
  const found = pages[order.subject_kind];
  const own = found ? [el("a", { href: found[0] }, found[1])] : [];
  if (order.lon === null || order.lat === null) return own.length ? own : ["没有位置"];
  const [lon, lat] = [order.lon.toFixed(6), order.lat.toFixed(6)];
  return [...own, own.length ? " · " : "", el("a", { href: `/?point=${lon},${lat}&map=16.00/${lat}/${lon}` }, "在地图上查看")];
}

/** @param {Order} order */
function how(order) {
  if (order.state === "done") {
    const records = (order.done_by?.evidence ?? []).length;
    const share = order.done_by?.percent === undefined ? "" : `，轨迹覆盖 ${order.done_by.percent.toFixed(1)}%`;
    return part("完成依据", el("p", {}, `${day(order.done_on ?? order.deadline)}完成${share}${records ? `，依据 ${records} 条现场记录` : ""}。依据作废时自动重新打开。`));
  }
  if (!order.progress) return order.state === "open" ? part("完成进度", el("p", { class: "under" }, "还没有能证明完成的现场证据。")) : "";
  const { tracked_percent, declared_percent, needed_percent } = order.progress;
  const text = `派单后轨迹已覆盖 ${tracked_percent.toFixed(1)}%，达到 ${needed_percent}% 即完成。`;
  return part("完成进度", el("meter", { min: 0, max: 100, value: tracked_percent, "aria-label": "轨迹覆盖" }), el("p", {}, text), declared_percent > 0 ? el("p", { class: "under" }, `另有 ${declared_percent.toFixed(1)}% 仅手工标记，不算完成。`) : null);
}

/** Who answers for it: village, town, county, city. @param {Order} order */
function who(order) {
  const at = LEVELS.findIndex(([code]) => code === order.level);
  const isCalm = !order.climbed_on;
  const steps = LEVELS.map(([, text], index) => el("li", { class: index < at ? "passed" : "", "aria-current": index === at ? "step" : null }, text));
  const hint = isCalm ? "期限过后，每超一天由上一级负责，直至市级。" : `已于 ${day(order.climbed_on ?? "")}报到${order.level_text}。`;
  return part("责任层级", el("ol", { class: `climb${isCalm ? " calm" : ""}` }, ...steps), el("p", { class: "under" }, hint));
}

/** @param {Event} event */
function line(event) {
  return el("li", {}, el("b", {}, event.kind_text), ` ${event.by_name}，${instant(event.at)}`, ...said(event).map((text) => el("p", {}, text)));
}

/** @param {Event} event @returns {string[]} */
function said({ kind, facts, words }) {
  const texts = [];
  const level = (/** @type {string} */ code) => LEVELS.find(([each]) => each === code)?.[1] ?? code;
  if (kind === "created") texts.push(`派给 ${facts.officer_name}，限 ${day(facts.deadline)}`);
  if (kind === "reassigned") texts.push(`${facts.from_name} → ${facts.officer_name}`);
  if (kind === "deadline_moved") texts.push(`${day(facts.deadline[0])} → ${day(facts.deadline[1])}`);
  if (kind === "climbed") texts.push(`${day(facts.day)}未完成：${level(facts.from)} → ${level(facts.to)}`);
  if (kind === "done") texts.push(`${day(facts.done_on)}完成${facts.percent === undefined ? "" : `，轨迹覆盖 ${facts.percent.toFixed(1)}%`}${facts.evidence.length ? `，依据 ${facts.evidence.length} 条记录` : ""}`);
  if (words) texts.push(words);
  return texts;
}

/** @param {Order} order @param {(body: Record<string, unknown>) => Promise<void>} send */
function actions(order, send) {
  /** @type {[string, string][]} */
  const steps = order.state === "open" ? [["reassign", "改派"], ["deadline", "改期"], ["withdraw", "撤回"], ["note", "备注"]] : [["note", "备注"]];
  const eases = ["deadline", "withdraw"];
  const offered = steps.filter(([step]) => order.may_ease || !eases.includes(step));
  const hint = offered.length < steps.length ? el("p", { class: "under" }, "由上级派出或已超期上报，改期和撤回由上级办理；如有困难，请加备注。") : "";
  return el("div", { id: "actions", role: "group", "aria-label": "办理" }, ...offered.map(([step, text]) => button(text, () => takeStep(order, step, send), "quiet tall")), hint);
}
