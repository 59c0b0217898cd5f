/** One list: how it stands, what to see of it, its rows. */

import { byId, debounced, el } from "../dom.js";
import { day, instant, whole } from "../format.js";
import { button, field } from "../office.js";
import { ALL } from "./state.js";
import { EVENTS, rateBar, rateText, stateTag } from "./words.js";

/** @typedef {import("./types.js").ListDetail} ListDetail */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Asked} Asked */
/** @typedef {{back: () => void, again: (() => void)|null, withdraw: (() => void)|null}} Deeds */

/** @param {ListDetail} list @param {Deeds} deeds */
export function showHead(list, deeds) {
  byId("head").replaceChildren(
    el("div", { class: "head-top" }, button("‹ 全部名单", deeds.back, "quiet tall"), deeds.again ? button("重新匹配", deeds.again, "quiet tall") : null, deeds.withdraw ? button("撤回名单", deeds.withdraw, "quiet tall") : null),
    el("h2", {}, list.name),
    el("p", { class: "under" }, `${list.kind_text} · ${list.department} · ${list.unit_name} · 截至 ${day(list.as_of)}`),
    ...notices(list),
    details(list),
  );
}

/** @param {ListDetail} list */
function notices(list) {
  const { done, total } = list.progress;
  const isBusy = !list.withdrawn_at && (list.state === "waiting" || list.state === "matching");
  const said = [
    list.withdrawn_at ? el("p", { class: "notice" }, `已于 ${instant(list.withdrawn_at)} 撤回（${list.withdrawn_by}）：${list.withdrawn_why}。不计入检查率，不再处理。`) : null,
    list.state === "failed" ? el("p", { class: "notice bad" }, `匹配未完成：${list.failure}`) : null,
    list.is_part ? el("p", { class: "notice" }, "只列您管辖范围内的户，下列数字也只算这些。") : null,
    isBusy ? el("div", { class: "matching" }, el("label", { for: "matching" }, `${list.state_text}：${whole(done)} / ${whole(total)} 户`), el("progress", { id: "matching", value: done, max: Math.max(total, 1) })) : null,
  ];
  return said.filter((each) => each !== null);
}

/** How it came in, and what is wrong with the file. @param {ListDetail} list */
function details(list) {
  const { report } = list;
  const facts = [`文件：${list.file_name}${list.encoding ? `（${list.encoding}）` : ""}`, `导入：${instant(list.created_at)}，${list.created_by}`, list.matched_at ? `匹配完成：${instant(list.matched_at)}` : null];
  return el(
    "details",
    { class: "report" },
    el("summary", {}, report ? `导入报告${report.with_findings ? `（${whole(report.with_findings)} 行有问题）` : ""}` : "名单来源"),
    ...facts.filter(Boolean).map((text) => el("p", {}, text)),
    report ? el("ul", {}, ...reportLines(report).map((text) => el("li", {}, text))) : null,
    report?.problems.length ? el("details", {}, el("summary", {}, `逐行问题${report.with_findings > report.problems.length ? "（部分）" : ""}`), el("ul", {}, ...report.problems.map(({ row, what }) => el("li", {}, `第 ${row} 行：${what}`)))) : null,
    ...list.events.map((event) => el("p", { class: "under" }, `${instant(event.at)} ${event.by_name} ${EVENTS[event.kind] ?? event.kind}${event.words ? `：${event.words}` : ""}`)),
  );
}

/** @param {import("./types.js").Report} report */
function reportLines(report) {
  /** @type {[number, string][]} */
  const lines = [
    [report.read, `读取 ${whole(report.read)} 行，计入名单 ${whole(report.kept)} 户`],
    [report.identical, `完全相同的重复行 ${whole(report.identical)} 行，只计一次（第 ${report.identical_rows.slice(0, 5).join("、")} 行${report.identical > 5 ? "等" : ""}）`],
    [report.skipped, `合计、说明等 ${whole(report.skipped)} 行，不计入名单`],
    [report.repeated, `代码或名称地址重复 ${whole(report.repeated)} 行，仍计入名单`],
    [report.bad_codes, `统一社会信用代码有误 ${whole(report.bad_codes)} 户`],
    [report.without_code, `没有统一社会信用代码 ${whole(report.without_code)} 户`],
    [report.bad_places, `坐标有误 ${whole(report.bad_places)} 户`],
  ];
  return lines.filter(([count]) => count).map(([, text]) => text);
}

/**
 * The check rate with both its parts, and every figure as the way to its rows.
 * @param {ListDetail} list @param {Asked} asked @param {(change: Partial<Asked>) => void} ask
 */
export function showFigures({ figures, on }, asked, ask) {
  const { rows, checked, matched, matched_checked: seen, absent, doubtful, unmatched } = figures;
  /** @type {[string, number, Partial<Asked>, string][]} */
  const all = [
    ["全部", rows, {}, ""],
    ["未检查", rows - checked, { checked: "false" }, "bad"],
    ["已检查", checked, { checked: "true" }, ""],
    ["待确认", doubtful, { state: "doubtful" }, "doubt"],
    ["未匹配", unmatched, { state: "unmatched" }, "bad"],
    ["已匹配", matched, { state: "matched" }, ""],
    ["已匹配未检查", matched - seen, { state: "matched", checked: "false" }, "bad"],
    ["查无此企业", absent, { state: "absent" }, ""],
  ];
  const isNow = (/** @type {Partial<Asked>} */ wanted) => ["state", "checked"].every((name) => asked[/** @type {"state"} */ (name)] === ({ ...ALL, ...wanted })[/** @type {"state"} */ (name)]);
  byId("figures").replaceChildren(
    el("div", { class: "rate-line" }, el("p", {}, el("span", { class: "rate" }, rateText(figures)), " 检查率"), el("p", { class: "under" }, `已检查 ${whole(checked)} 户（场所在周期内查过 ${whole(seen)} 户，到现场查无此企业 ${whole(absent)} 户）÷ 全部 ${whole(rows)} 户，截至 ${day(on)}`)),
    rateBar(figures),
    el(
      "div",
      { class: "chips", role: "group", "aria-label": "看哪些户" },
      ...all.map(([text, count, wanted, kind]) => el("button", { type: "button", class: `chip ${count ? kind : ""}`, "aria-pressed": String(isNow(wanted)), onclick: () => ask({ state: "", checked: "", ...wanted }) }, `${text} ${whole(count)}`)),
    ),
  );
}

/** @param {Asked} asked @param {(change: Partial<Asked>) => void} ask */
export function makeFilters(asked, ask) {
  const search = el("input", { type: "search", id: "q", maxlength: 100, placeholder: "名称、代码或地址", autocomplete: "off", value: asked.q });
  search.addEventListener("input", debounced(250, () => ask({ q: search.value.trim() })));
  const findings = el("input", { type: "checkbox", id: "with-findings", checked: asked.findings === "true" });
  findings.addEventListener("change", () => ask({ findings: findings.checked ? "true" : "" }));
  byId("filters").replaceChildren(field("查找", search), el("label", { class: "check", for: "with-findings" }, findings, "只看本身有问题的行"));
}

/** @param {Row[]} rows @param {string} chosen @param {(id: string) => void} open */
export function showRows(rows, chosen, open) {
  byId("rows").replaceChildren(
    ...rows.map((row) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "row", "data-id": row.id, "aria-current": String(row.id) === chosen ? "true" : null, onclick: () => open(String(row.id)) },
          el("span", { class: "row-top" }, el("b", {}, row.name ?? "（没有名称）"), stateTag(row.state, row.state_text)),
          el("span", { class: "row-under" }, row.address ?? row.uscc ?? "没有地址"),
          el("span", { class: "row-under" }, under(row)),
        ),
      ),
    ),
  );
}

/** @param {Row} row */
function under(row) {
  const said = [`第 ${row.row_number} 行`, row.unit_name, row.is_checked ? "已检查" : row.target?.state_text ? `场所${row.target.state_text}` : null, row.findings.length ? `${row.findings.length} 处问题` : null];
  return said.filter(Boolean).join(" · ");
}

/** @param {string} id "" for none */
export function markRow(id) {
  for (const row of byId("rows").querySelectorAll(".row")) {
    if (!(row instanceof HTMLElement)) continue;
    if (row.dataset.id === id) {
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
    } else row.removeAttribute("aria-current");
  }
}
