/** The dialog of each step. A refusal is shown in it, and nothing typed is lost. */

import { el } from "../dom.js";
import { ask, field, select, textOf } from "../office.js";

/** @typedef {import("./types.js").Order} Order */
/** @typedef {(body: Record<string, unknown>) => Promise<void>} Send */

/** @param {string} label */
const words = (label) => field(label, el("textarea", { name: "words", rows: 3, maxlength: 500, required: true }));

/** @param {Order} order @param {string} step @param {Send} send */
export function takeStep(order, step, send) {
  DIALOGS[step](order, (values, more = {}) => send({ step, words: textOf(values, "words") ?? "", ...more }));
}

/** @type {Record<string, (order: Order, send: (values: FormData, more?: Record<string, unknown>) => Promise<void>) => void>} */
const DIALOGS = {
  reassign(order, send) {
    const others = order.officers.filter(({ code }) => code !== order.officer.code);
    const choices = others.map(({ code, name, open_orders }) => /** @type {[string, string]} */ ([code, `${name}（在办 ${open_orders} 张）`]));
    const none = choices.length ? null : el("p", { class: "under" }, "附近没有其他网格员。");
    ask("改派", [none, field("改派给", select("officer_code", [["", "请选择"], ...choices], "", { required: true })), words("原因")], "改派", (values) => send(values, { officer_code: textOf(values, "officer_code") ?? "" }));
  },
  deadline(order, send) {
    ask("改期", [field("新的期限（当日结束前）", el("input", { type: "date", name: "deadline", value: order.deadline, required: true })), words("原因")], "改期", (values) => send(values, { deadline: textOf(values, "deadline") }));
  },
  withdraw(_order, send) {
    ask("撤回派单", [el("p", {}, "撤回后网格员不再看到这张派单，经过保留。"), words("原因")], "撤回", (values) => send(values));
  },
  note(_order, send) {
    ask("备注", [words("内容")], "保存", (values) => send(values));
  },
};
