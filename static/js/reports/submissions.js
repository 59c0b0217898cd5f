/** The pane of what is handed upward: one's own reports with the time left, those of the units below, the history. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { button, table } from "../office.js";
import { showSubmission } from "./submission.js";
import { clock, countdown, daysOf, FORM_NAMES } from "./terms.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").DeskOut} DeskOut */
/** @typedef {import("./types.js").Standing} Standing */
/** @typedef {import("./types.js").Version} Version */

const PAGE = 50;

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showSubmissions(pane, desk) {
  const chosen = desk.query.get("submission");
  if (chosen) return showSubmission(pane, desk, chosen);
  if (desk.query.get("view") === "history") return showHistory(pane, desk);
  /** @type {DeskOut} */
  const found = await getJson("/api/reports/submissions/desk", { unit: desk.place.unit.code });
  const all = button("全部历史", () => desk.go({ view: "history", skip: null }), "quiet tall");
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, `${desk.place.unit.name}的报送：系统按期生成，工作人员核对，主要负责人签字后报送上级，报送后锁定。`), all),
    own(found, desk),
    below(found, desk),
  );
}

/** @param {DeskOut} found @param {Desk} desk */
function own(found, desk) {
  const reports = ["town", "village"].includes(found.unit.level);
  const next = found.next_due.map((due) => el("li", {}, `${FORM_NAMES[due.form]}（${daysOf(due)}）${clock(due.due_at)} 截止，`, countdown(due.due_at, null, found.now), `；${clock(due.prepared_from)} 起生成`));
  const cards = found.own.map((each) => card(each, found, desk));
  const nothing = el("p", { class: "empty" }, "本单位目前没有要报送的报表。");
  return el(
    "section",
    { class: "handing", "data-part": "own" },
    el("h2", {}, reports ? "本单位报送" : "报送时间"),
    reports ? (cards.length ? el("ul", { class: "dues" }, ...cards) : nothing) : null,
    el("ul", { class: "hint next-due", "aria-label": "下次截止" }, ...next),
  );
}

/** @param {Standing} each @param {DeskOut} found @param {Desk} desk */
function card(each, found, desk) {
  const isDone = each.in_force !== null;
  const done = isDone && each.submitted_at ? `第 ${each.in_force} 版已于 ${clock(each.submitted_at)} 报送${each.was_late ? "（逾期）" : ""}` : null;
  const back = each.sent_back_why ? el("p", { class: "missing" }, `上级退回：${each.sent_back_why}`) : null;
  const when = isDone ? el("p", {}, done) : el("p", {}, `${clock(each.due_at)} 截止，`, countdown(each.due_at, each.late_since, found.now));
  return el(
    "li",
    { class: "due", "data-late": each.late_since !== null, "data-form": each.form },
    el("div", {}, el("strong", {}, FORM_NAMES[each.form]), ` ${daysOf(each)} `, stateOf(each), when, back),
    each.id ? button(isDone ? "查看" : "办理", () => desk.go({ submission: each.id }), isDone ? "quiet tall" : "button") : null,
  );
}

/** @param {DeskOut} found @param {Desk} desk */
function below(found, desk) {
  if (!found.tallies.length && !found.below.length) return "";
  const counted = found.tallies.map((tally) =>
    el("li", { "data-form": tally.form }, el("strong", {}, FORM_NAMES[tally.form]), ` ${daysOf(tally)}：应报 ${tally.units} 个单位，已报 ${tally.submitted} 个，`, tally.late ? el("span", { class: "missing" }, `逾期 ${tally.late} 个`) : "没有逾期"),
  );
  const rows = found.below.map((each) => [
    each.unit.name,
    `${FORM_NAMES[each.form]}，${daysOf(each)}`,
    el("div", {}, stateOf(each), each.sent_back_why ? el("small", { class: "missing" }, ` ${each.sent_back_why}`) : null),
    each.in_force !== null && each.submitted_at ? `${clock(each.submitted_at)} 报送${each.was_late ? "（逾期）" : ""}` : countdown(each.due_at, each.late_since, found.now),
    el("div", { class: "row-actions" }, each.id ? button("查看", () => desk.go({ submission: each.id })) : null),
  ]);
  return el("section", { class: "handing", "data-part": "below" }, el("h2", {}, "下级报送"), el("ul", { class: "tallies" }, ...counted), table("下级报送", ["单位", "报表", "状态", "时限", ""], rows, "下级目前没有要报送的报表。"));
}

/** @param {HTMLElement} pane @param {Desk} desk */
async function showHistory(pane, desk) {
  const skip = Number(desk.query.get("skip") ?? 0) || 0;
  /** @type {{total: number, items: Version[]}} */
  const found = await getJson("/api/reports/submissions", { unit: desk.place.unit.code, limit: PAGE, skip });
  const rows = found.items.map((each) => [
    each.unit.name,
    `${FORM_NAMES[each.form]}，${daysOf(each)}`,
    `第 ${each.version} 版`,
    el("div", {}, stateOf(each), each.why ? el("small", {}, ` 更正原因：${each.why}`) : null),
    each.submitted_at ? `${clock(each.submitted_at)}${each.was_late ? "（逾期）" : ""}` : "",
    el("div", { class: "row-actions" }, button("查看", () => desk.go({ submission: each.id }))),
  ]);
  const step = (/** @type {string} */ text, /** @type {number} */ to, /** @type {boolean} */ isThere) => (isThere ? button(text, () => desk.go({ skip: String(to) })) : null);
  const count = `${skip + 1}–${Math.min(skip + PAGE, found.total)}，共 ${found.total}`;
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, `${desk.place.unit.name}及下级的全部版本，被更正的也可查看。`), button("返回报送", () => desk.go({ view: null, skip: null }), "quiet tall")),
    table("报送历史", ["单位", "报表", "版本", "状态", "报送时间", ""], rows, "还没有生成过报送的报表。"),
    found.total > PAGE ? el("div", { class: "pager" }, step("上一页", Math.max(skip - PAGE, 0), skip > 0), el("span", {}, count), step("下一页", skip + PAGE, skip + PAGE < found.total)) : "",
  );
}

/** @param {{state: string, state_text: string}} each */
export function stateOf({ state, state_text }) {
  return el("span", { class: "tag", "data-state": state }, state_text);
}
