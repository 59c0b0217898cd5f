/** One row: what the list says beside what is known on the ground, and what it may be said to be. */

import { dispatchButton } from "../dispatch.js";
import { byId, el } from "../dom.js";
import { day, instant } from "../format.js";
import { button } from "../office.js";
import { checkedTag, EVENTS, STATES, stateTag } from "./words.js";

/** @typedef {import("./types.js").RowDetail} RowDetail */
/** @typedef {import("./types.js").Candidate} Candidate */
/** @typedef {import("./types.js").Target} Target */
/** @typedef {{close: () => void, choose: ((target: Target) => void)|null, search: () => void, absent: () => void, unmatched: () => void}} Deeds */

/** @param {RowDetail} row @param {Deeds} deeds */
export function showRow(row, deeds) {
  const may = deeds.choose !== null;
  byId("row").replaceChildren(
    el("div", { class: "row-head" }, el("h2", {}, row.name ?? "（没有名称）"), stateTag(row.state, row.state_text), checkedTag(row.is_checked), row.is_checked ? null : dispatchButton(() => ({ subject_kind: "baseline_row", subject: `baseline_row:${row.id}` })), button("关闭", deeds.close, "quiet tall")),
    el("div", { class: "row-body" }, el("div", { class: "beside" }, listed(row), ground(row, deeds)), history(row)),
    ...(may ? [el("div", { class: "row-deeds", role: "group", "aria-label": "认定" }, ...decisions(row, deeds))] : []),
  );
}

/** @param {RowDetail} row @param {Deeds} deeds */
function decisions(row, deeds) {
  const isOpen = row.state === "unmatched" && !row.decided_by;
  const other = button(row.state === "matched" ? "改选场所" : "另选场所", deeds.search, isOpen ? "button" : "quiet tall");
  return [other, row.state === "absent" ? null : button("到过现场，查无此企业", deeds.absent, "quiet tall"), row.state === "unmatched" && row.decided_by ? null : button("尚未登记", deeds.unmatched, "quiet tall")].filter((each) => each !== null);
}

/** What the list says. @param {RowDetail} row */
function listed(row) {
  const code = row.uscc ? el("span", { class: row.uscc_valid ? "" : "missing" }, row.uscc) : "未填写";
  /** @type {[string, import("../dom.js").Child][]} */
  const facts = [
    ["行号", `第 ${row.row_number} 行`],
    ["统一社会信用代码", code],
    ["地址", row.address ?? "未填写"],
    ["联系方式", row.contact],
    ["所属区划", row.unit_name],
    ["坐标", row.lon === null || row.lat === null ? "无" : `${row.lon.toFixed(5)}，${row.lat.toFixed(5)}`],
    ...Object.entries(row.extra),
  ];
  return el(
    "section",
    { class: "listed", "aria-label": "名单所载" },
    el("h3", {}, "名单所载"),
    definitions(facts),
    row.findings.length ? el("ul", { class: "findings" }, ...row.findings.map((text) => el("li", {}, text))) : null,
  );
}

/** @param {[string, import("../dom.js").Child][]} facts */
function definitions(facts) {
  return el("dl", {}, ...facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** What is known on the ground. @param {RowDetail} row @param {Deeds} deeds */
function ground(row, deeds) {
  const parts = row.state === "doubtful" ? candidates(row, deeds) : row.state === "matched" ? matched(row) : none(row);
  return el("section", { class: "ground-side", "aria-label": "现场登记" }, ...parts);
}

/** @param {RowDetail} row @param {Deeds} deeds */
function candidates(row, deeds) {
  const { choose } = deeds;
  return [
    el("h3", {}, `可能是（${row.candidates.length}）`),
    el("p", { class: "under" }, row.reasons[0] && !row.candidates[0]?.reasons.includes(row.reasons[0]) ? `待确认：${row.reasons[0]}。` : "待确认：得分不足以自动认定。"),
    el("ol", { class: "candidates" }, ...row.candidates.map((each) => el("li", {}, card(row, each.target, each.score, each.reasons, choose && each.target ? { text: `就是它`, key: String(each.rank), act: () => choose(/** @type {Target} */ (each.target)) } : null)))),
    choose ? el("p", { class: "keys", "aria-hidden": "true" }, "快捷键：", el("kbd", {}, "1"), "–", el("kbd", {}, "5"), " 选定，", el("kbd", {}, "J"), " 下一条，", el("kbd", {}, "K"), " 上一条") : null,
  ];
}

/** @param {RowDetail} row */
function matched(row) {
  return [el("h3", {}, "对应的场所"), card(row, row.target, row.score, row.reasons, null)];
}

/** @param {RowDetail} row */
function none(row) {
  if (row.state === "absent") {
    return [el("h3", {}, "查无此企业"), el("p", {}, `${day(row.visited_on ?? "")}到过现场：${row.decided_why}`)];
  }
  const why = row.decided_by ? `人工认定尚未登记：${row.decided_why}` : row.reasons.join("；") || "等待匹配";
  return [el("h3", {}, "没有对应的场所"), el("p", {}, `${why}。`), el("p", { class: "under" }, "请到现场核实：有则登记为场所后“另选场所”，没有则认定“查无此企业”。")];
}

/**
 * @param {RowDetail} row @param {Target|null} target @param {number|null} score @param {string[]} reasons
 * @param {{text: string, key: string, act: () => void}|null} deed
 */
function card(row, target, score, reasons, deed) {
  if (!target) return el("div", { class: "target" }, el("p", { class: "under" }, "对应的场所不在您的管辖范围内，请由上级单位处理。"), why(reasons));
  const name = target.tenant_name ?? target.site_name;
  /** @type {[string, import("../dom.js").Child][]} */
  const facts = [
    ["所在场所", target.tenant_name ? target.site_name : null],
    ["统一社会信用代码", target.tenant_uscc ? compared(target.tenant_uscc, row.uscc) : null],
    ["地址", target.site_address ?? "未登记"],
    ["检查", target.state_text],
  ];
  return el(
    "div",
    { class: "target" },
    el("div", { class: "target-top" }, el("a", { class: "target-name", href: `/sites?site=${encodeURIComponent(target.site_id)}` }, name), score === null ? null : el("span", { class: "score" }, el("span", { class: "under" }, "得分 "), score.toFixed(2))),
    definitions(facts),
    why(reasons),
    deed ? el("button", { type: "button", class: "button choose", "data-key": deed.key, onclick: deed.act }, deed.text, el("kbd", { "aria-hidden": "true" }, deed.key)) : null,
  );
}

/** @param {string} code @param {string|null} other */
function compared(code, other) {
  return el("span", { class: other && code !== other ? "missing" : "" }, code);
}

/** @param {string[]} reasons */
function why(reasons) {
  return reasons.length ? el("ul", { class: "reasons", "aria-label": "理由" }, ...reasons.map((text) => el("li", {}, text))) : null;
}

/** @param {RowDetail} row */
function history(row) {
  if (!row.events.length) return el("div", {});
  const line = (/** @type {import("./types.js").Event} */ event) => {
    const to = event.to_state ? STATES[/** @type {import("./types.js").RowState} */ (event.to_state)] : "";
    return el("li", {}, `${instant(event.at)} ${event.by_name} ${EVENTS[event.kind] ?? event.kind}${to ? `为“${to}”` : ""}${event.words ? `：${event.words}` : ""}`);
  };
  return el("section", { class: "row-history", "aria-label": "处理经过" }, el("h3", {}, "处理经过"), el("ol", {}, ...row.events.map(line)));
}
