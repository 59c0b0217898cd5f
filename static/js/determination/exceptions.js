/** Exceptions: asked for in a dialog; those that wait for the reader, and those that were approved. */

import { byId, el } from "../dom.js";
import { addDays, area, day, personOf } from "../format.js";
import { ask, button, field, textOf } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("./types.js").Exception} Exception */
/** @typedef {import("./types.js").Row} Row */

const LONGEST_DAYS = 366;
const USUAL_DAYS = 30;

/** @param {Row} row @param {string} unit whose list it stands in @param {string} today @param {() => Promise<void>} done */
export function requestException(row, unit, today, done) {
  const id = crypto.randomUUID(); // the same until it was taken
  ask(
    "申请例外",
    [
      el("p", {}, el("strong", {}, `${row.kind_text}：${row.name}`)),
      el("p", { class: "hint" }, row.area_m2 === null ? "由上级批准后，在期限内不影响签字，并向各级公开。" : `以现有面积 ${area(row.area_m2)} 为限，超出即失效。由上级批准后，在期限内不影响签字，并向各级公开。`),
      field("保留到（含当日）", el("input", { type: "date", name: "until", required: true, min: today, max: addDays(today, LONGEST_DAYS), value: addDays(today, USUAL_DAYS) })),
      field("理由", el("textarea", { name: "reason", rows: 4, maxlength: 500, required: true }), "写明为何暂不能补上、何时补上。"),
    ],
    "提交申请",
    async (values) => {
      await sendJson("POST", "/api/determination/exceptions", { id, unit, kind: row.kind, subject: row.subject, until: textOf(values, "until"), reason: textOf(values, "reason") });
      await done();
    },
  );
}

/** @param {Exception[]} waiting @param {Exception[]} approved @param {() => Promise<void>} done */
export function showExceptions(waiting, approved, done) {
  byId("exceptions").replaceChildren(
    ...(waiting.length ? [el("h2", {}, `待审批的例外（${waiting.length}）`), list(waiting, (each) => decisions(each, done))] : []),
    ...(approved.length ? [el("h2", {}, `已批准的例外（${approved.length}）`), list(approved, () => [])] : []),
  );
  byId("exceptions").hidden = !waiting.length && !approved.length;
}

/** @param {Exception[]} exceptions @param {(each: Exception) => HTMLElement[]} deeds */
function list(exceptions, deeds) {
  return el(
    "ul",
    { class: "exception-list" },
    ...exceptions.map((each) =>
      el(
        "li",
        { "data-exception": each.id },
        el("p", {}, el("span", { class: "tag" }, each.kind_text), " ", el("strong", {}, each.name)),
        el("p", { class: "row-where" }, `${each.unit.name} · 保留到 ${day(each.until)}${each.area_m2 === null ? "" : ` · 不超过 ${area(each.area_m2)}`} · ${personOf(each.requested_by)} 申请`),
        el("p", {}, each.reason),
        each.decided_by ? el("p", { class: "row-where" }, `${personOf(each.decided_by)} ${each.state_text}：${each.decided_words ?? ""}`) : null,
        el("div", { class: "row-deeds" }, ...deeds(each)),
      ),
    ),
  );
}

/** @param {Exception} exception @param {() => Promise<void>} done */
function decisions(exception, done) {
  if (!exception.may_decide) return [el("span", { class: "hint" }, exception.is_own ? "您申请的，须由上级他人审批。" : "由上级审批。")];
  return [button("批准", () => decide(exception, true, done), "button"), button("不批准", () => decide(exception, false, done), "quiet tall")];
}

/** @param {Exception} exception @param {boolean} approve @param {() => Promise<void>} done */
function decide(exception, approve, done) {
  ask(
    approve ? "批准例外" : "不批准例外",
    [el("p", {}, `${exception.kind_text}：${exception.name}`), field("意见", el("textarea", { name: "words", rows: 3, maxlength: 500, required: true }))],
    approve ? "批准" : "不批准",
    async (values) => {
      await sendJson("POST", `/api/determination/exceptions/${exception.id}/decision`, { approve, words: textOf(values, "words") });
      await done();
    },
  );
}
