/** What comes next for a case, with what it still needs; and the steps themselves. */

import { el } from "../dom.js";
import { button, field, select, textOf } from "../office.js";
import { askFor, input, today, why, write } from "./dialog.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").NextStep} NextStep */

const HINTS = /** @type {Record<string, string>} */ ({
  start: "开始整治后，逐项登记“两断三清”。",
  close: "“两断三清”五项都有日期和证据，并选定整治方式后办理。",
  strike_off: "最后一次回头看未发现反弹后，由完成整治的办理人以外的人办理。",
  relapse: "发现恢复生产时办理：案件重新进入整治，须重新取证，原有经过保留。",
});

/** The way so far and what comes next. @param {CaseDetail} detail @param {Desk} desk */
export function steps(detail, desk) {
  const order = Object.entries(detail.choices.states);
  const now = order.findIndex(([state]) => state === detail.state);
  const way = order.map(([, text], at) => el("li", { class: at < now ? "done" : at === now ? "now" : "", "aria-current": at === now ? "step" : null }, text));
  const next = detail.may_manage ? detail.next_steps.map((step) => nextBox(detail, desk, step)) : [];
  return el("section", { class: "part steps", "aria-label": "办理进度" }, el("ol", { class: "way" }, ...way), ...next);
}

/** @param {CaseDetail} detail @param {Desk} desk @param {NextStep} next */
function nextBox(detail, desk, next) {
  const { step, name, needs } = next;
  const kind = step === "relapse" ? "quiet tall" : "button";
  const needed = needs.length ? el("div", {}, el("p", {}, `“${name}”还缺：`), el("ul", { class: "needs" }, ...needs.map((each) => el("li", {}, each)))) : el("p", { class: "under" }, HINTS[step]);
  return el("div", { class: "next", "data-step": step }, needed, button(`${name}…`, () => take(detail, desk, next), kind));
}

/** @param {CaseDetail} detail @param {Desk} desk @param {NextStep} next */
function take(detail, desk, { step, name }) {
  const fields = [field("日期", input("on_day", today(), { type: "date", required: true, max: today() })), why("情况说明")];
  if (step === "relapse") fields.splice(1, 0, field("新的整治期限", input("deadline", "", { type: "date", required: true, min: today() })));
  const send = (/** @type {FormData} */ values) => {
    const common = { version: detail.version, words: textOf(values, "words"), on_day: textOf(values, "on_day") };
    if (step === "strike_off") return write(desk, "POST", `/api/cases/${detail.id}/striking-off`, common, "已销号");
    const deadline = step === "relapse" ? { deadline: textOf(values, "deadline") } : {};
    return write(desk, "POST", `/api/cases/${detail.id}/steps`, { ...common, ...deadline, step }, `已办理：${name}`);
  };
  askFor(name, [el("p", { class: "hint" }, HINTS[step]), ...fields], "确认办理", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
export function supervise(detail, desk) {
  const levels = /** @type {[string, string][]} */ ([["", "不挂牌（撤下）"], ...Object.entries(detail.choices.levels)]);
  const fields = [field("级别", select("level", levels, detail.supervised_level ?? "county")), field("日期", input("on_day", today(), { type: "date", required: true, max: today() })), why("依据或说明")];
  const send = (/** @type {FormData} */ values) => {
    const body = { step: "supervise", version: detail.version, words: textOf(values, "words"), on_day: textOf(values, "on_day"), level: textOf(values, "level") };
    return write(desk, "POST", `/api/cases/${detail.id}/steps`, body, "挂牌督办已更新");
  };
  askFor("挂牌督办", fields, "保存", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
export function addNote(detail, desk) {
  const fields = [field("日期", input("on_day", today(), { type: "date", required: true, max: today() })), why("内容")];
  const send = (/** @type {FormData} */ values) => {
    const body = { step: "note", version: detail.version, words: textOf(values, "words"), on_day: textOf(values, "on_day") };
    return write(desk, "POST", `/api/cases/${detail.id}/steps`, body, "已记录");
  };
  askFor("记事", fields, "保存", send, desk.stale);
}
