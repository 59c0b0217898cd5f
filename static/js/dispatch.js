/** 派单: sending an officer to something that is left out, from whatever page shows it. */

import { ApiError } from "./api.js";
import { el } from "./dom.js";
import { area, day } from "./format.js";
import { button, field, select, textOf } from "./office.js";
import { sendJson, session } from "./session.js";

/**
 * What somebody is sent to: `subject` as in the list of omissions ("site:<id>"), or, of ground, its area.
 * @typedef {{subject_kind: string, subject?: string|null, area?: GeoJSON.Geometry|null, omission?: string|null}} About
 * @typedef {{code: string, name: string}} Named
 * @typedef {Named & {phone: string|null, open_orders: number}} Officer
 * @typedef {object} Draft POST /api/orders/draft
 * @property {string} name
 * @property {string} task
 * @property {Named} unit
 * @property {Named|null} grid
 * @property {number|null} area_m2
 * @property {string|null} officer_code
 * @property {Officer[]} officers
 * @property {string} deadline
 * @property {{id: string, name: string, officer_name: string, deadline: string}[]} others
 */

const SHEET = "/static/css/dispatch.css";

/**
 * A button for those who may send people out; for all others it stays hidden.
 * @param {() => About} about @param {string} [kind] class
 */
export function dispatchButton(about, kind = "quiet tall") {
  styled();
  const found = button("派单", () => void openDispatch(about()), `${kind} dispatch`);
  found.hidden = true;
  void session().then(({ person }) => (found.hidden = !person?.rights.includes("orders.manage")));
  return found;
}

/** Ask in a dialog who goes by when, and send it. @param {About} about */
export async function openDispatch(about) {
  styled();
  const body = { subject_kind: about.subject_kind, subject: about.subject ?? null, area: about.area ?? null, omission: about.omission ?? null };
  const dialog = el("dialog", { class: "dispatch-dialog", "aria-label": "派单" }, el("p", { role: "status" }, "正在准备派单…"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    const draft = /** @type {Draft} */ (await sendJson("POST", "/api/orders/draft", body));
    // The same until it was taken: sent again after a broken connection, it is one order.
    const id = crypto.randomUUID();
    dialog.replaceChildren(form(draft, about, (more) => sendJson("POST", "/api/orders", { id, ...body, ...more }), dialog));
    dialog.querySelector("select")?.focus();
  } catch (error) {
    dialog.replaceChildren(el("h2", {}, "不能派单"), el("p", { class: "trouble", role: "alert" }, said(error)), actions(dialog));
  }
}

/** @param {Draft} draft @param {About} about @param {(more: Record<string, unknown>) => Promise<any>} send @param {HTMLDialogElement} dialog */
function form(draft, about, send, dialog) {
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "button" }, "派单");
  const found = el(
    "form",
    {},
    el("h2", {}, "派单"),
    el("p", { class: "dispatch-name" }, el("strong", {}, draft.name), el("span", {}, [draft.unit.name, draft.grid?.name, draft.area_m2 === null ? null : area(draft.area_m2)].filter(Boolean).join(" · "))),
    el("p", { class: "dispatch-task" }, draft.task),
    others(draft),
    field("派给", officers(draft), draft.officer_code ? undefined : "所在网格没有网格员，请选择。"),
    field("期限（当日结束前）", el("input", { type: "date", name: "deadline", value: draft.deadline, required: true })),
    field("要求", el("textarea", { name: "words", rows: 3, maxlength: 500 }), `可不填；网格员的手机上会显示。${about.subject_kind === "lead" ? "请勿写入举报人信息。" : ""}`),
    trouble,
    actions(dialog, submit),
  );
  found.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    trouble.hidden = true;
    const values = new FormData(found);
    try {
      const order = await send({ officer_code: textOf(values, "officer_code"), deadline: textOf(values, "deadline"), words: textOf(values, "words") });
      dialog.replaceChildren(...sent(order, dialog));
    } catch (error) {
      trouble.textContent = said(error);
      trouble.hidden = false;
      submit.disabled = false;
    }
  });
  return found;
}

/** @param {Draft} draft */
function officers(draft) {
  const named = draft.officers.map(({ code, name, open_orders }) => /** @type {[string, string]} */ ([code, `${name}（${code === draft.officer_code ? "网格责任人，" : ""}在办 ${open_orders} 张）`]));
  return select("officer_code", draft.officer_code ? named : [["", "请选择"], ...named], draft.officer_code ?? "", { required: true });
}

/** @param {Draft} draft */
function others({ others: open }) {
  if (!open.length) return null;
  return el(
    "div",
    { class: "dispatch-others" },
    el("p", {}, `已有 ${open.length} 张在办派单：`),
    el("ul", {}, ...open.map((each) => el("li", {}, el("a", { href: linkOf(each.id) }, `${each.officer_name}，限 ${day(each.deadline)}`)))),
  );
}

/** @param {{id: string, officer: Named, deadline: string}} order @param {HTMLDialogElement} dialog */
function sent(order, dialog) {
  return [
    el("h2", {}, "已派单"),
    el("p", { role: "status" }, `已派给 ${order.officer.name}，限 ${day(order.deadline)}（含）前完成。以现场证据判定完成。`),
    actions(dialog, el("a", { class: "button", href: linkOf(order.id) }, "查看派单"), "关闭"),
  ];
}

/** @param {HTMLDialogElement} dialog @param {HTMLElement} [main] @param {string} [back] */
function actions(dialog, main, back = main ? "取消" : "关闭") {
  return el("div", { class: "actions" }, button(back, () => dialog.close(), "quiet tall"), main);
}

/** @param {string} id */
const linkOf = (id) => `/orders?id=${encodeURIComponent(id)}`;

/** @param {unknown} error */
function said(error) {
  return error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
}

/** The dialog looks alike on pages of every kind. */
function styled() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return;
  document.head.append(el("link", { rel: "stylesheet", href: SHEET }));
}
