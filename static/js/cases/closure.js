/** 两断三清 as five boxes, each with its day, its evidence and what it lacks; and the looks back. */

import { el } from "../dom.js";
import { button, field, select, textOf } from "../office.js";
import { thumbnail } from "./attachments.js";
import { area, askFor, input, today, why, write } from "./dialog.js";

/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").ClosureItem} ClosureItem */
/** @typedef {import("./types.js").LookBack} LookBack */

const LACKS = /** @type {Record<string, string>} */ ({ date: "缺日期", evidence: "缺证据" });

/** @param {CaseDetail} detail @param {Desk} desk */
export function closure(detail, desk) {
  const done = detail.closure.filter((item) => !item.missing.length).length;
  return el(
    "div",
    {},
    el("p", { class: "under" }, `已办结 ${done} 项，共 ${detail.closure.length} 项。五项都有日期和证据，案件才能完成整治。`),
    el("ul", { class: "boxes" }, ...detail.closure.map((item) => box(detail, desk, item))),
  );
}

/** @param {CaseDetail} detail @param {Desk} desk @param {ClosureItem} item */
function box(detail, desk, item) {
  const evidence = detail.attachments.filter((each) => item.attachment_ids.includes(each.id));
  const isDone = !item.missing.length;
  return el(
    "li",
    { class: `box ${isDone ? "done" : "lacking"}`, "data-item": item.item },
    el("div", { class: "box-head" }, el("strong", {}, item.name), el("span", { class: `tag ${isDone ? "ok" : "omission"}` }, isDone ? "✓ 已办结" : item.missing.map((each) => LACKS[each]).join("、"))),
    el("p", {}, "完成日期：", item.done_on ?? el("span", { class: "missing" }, "未填")),
    item.words ? el("p", { class: "under" }, item.words) : null,
    evidence.length ? el("ul", { class: "pictures small" }, ...evidence.map((each) => el("li", {}, thumbnail(each)))) : el("p", { class: "missing" }, "还没有证据"),
    detail.may_manage ? button(isDone ? "修改或补充" : "登记", () => record(detail, desk, item), "quiet tall") : null,
  );
}

/** @param {CaseDetail} detail @param {Desk} desk @param {ClosureItem} item */
function record(detail, desk, item) {
  const usable = detail.attachments.filter((each) => !each.withdrawn_why);
  const choice = usable.map((each) => el("label", { class: "pick" }, el("input", { type: "checkbox", name: "evidence", value: each.id, checked: item.attachment_ids.includes(each.id) }), thumbnail(each, false), el("span", {}, each.what)));
  const picks = el("fieldset", { class: "field" }, el("legend", {}, "证据（从本案附件中选择）"), choice.length ? el("div", { class: "picks" }, ...choice) : el("p", { class: "missing" }, "本案还没有附件。请先在“附件”处上传，再来登记。"));
  const fields = [field("完成日期", input("done_on", item.done_on ?? "", { type: "date", max: today(), min: detail.found_on })), picks, field("说明", area("words", item.words ?? "", { maxlength: 500, rows: 2 }))];
  const send = (/** @type {FormData} */ values) => {
    const body = { version: detail.version, done_on: textOf(values, "done_on"), words: textOf(values, "words"), attachment_ids: values.getAll("evidence") };
    return write(desk, "PUT", `/api/cases/${detail.id}/closure/${item.item}`, body, `${item.name}已登记`);
  };
  askFor(item.name, fields, "保存", send, desk.stale);
}

/** @param {CaseDetail} detail @param {Desk} desk */
export function lookBacks(detail, desk) {
  if (!detail.look_backs.length) return el("p", { class: "under" }, "完成整治后自动安排。");
  return el("ol", { class: "looks" }, ...detail.look_backs.map((look) => lookRow(detail, desk, look)));
}

/** @param {CaseDetail} detail @param {Desk} desk @param {LookBack} look */
function lookRow(detail, desk, look) {
  const isOpen = look.done_on === null;
  const may = detail.may_manage && isOpen && detail.state === "closed" && look.may_from <= today();
  const [kind, text] = look.result === "clean" ? ["ok", "未发现反弹"] : look.result === "relapse" ? ["omission", "死灰复燃"] : look.is_missed ? ["omission", "逾期未做"] : ["", "未到期"];
  return el(
    "li",
    { class: "look", "data-due": look.due_on },
    el("span", {}, `应于 ${look.due_on}`),
    el("span", { class: `tag ${kind}` }, text),
    el("span", { class: "under" }, look.done_on ? `${look.done_on} ${look.by_name}：${look.words}` : `${look.may_from} 起可办理`),
    may ? button("登记回头看", () => lookBack(detail, desk, look), "quiet tall") : null,
  );
}

/** @param {CaseDetail} detail @param {Desk} desk @param {LookBack} look */
function lookBack(detail, desk, look) {
  const deadline = field("新的整治期限", input("deadline", "", { type: "date", min: today() }), "死灰复燃时填写：案件重新进入整治。");
  deadline.hidden = true;
  const result = select("result", [["clean", "未发现反弹"], ["relapse", "死灰复燃"]], "clean", { onchange: () => (deadline.hidden = result.value !== "relapse") });
  const fields = [field("回头看日期", input("done_on", today(), { type: "date", required: true, min: look.may_from, max: today() })), field("结果", result), deadline, why("现场情况")];
  const send = (/** @type {FormData} */ values) => {
    const outcome = textOf(values, "result");
    const body = { done_on: textOf(values, "done_on"), result: outcome, words: textOf(values, "words"), deadline: outcome === "relapse" ? textOf(values, "deadline") : null };
    return write(desk, "POST", `/api/cases/${detail.id}/look-backs/${look.id}`, body, "回头看已登记");
  };
  askFor(`回头看（应于 ${look.due_on}）`, fields, "保存", send, desk.stale);
}
