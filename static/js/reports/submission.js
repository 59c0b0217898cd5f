/** One version of a report on its way upward: the form as it is kept, who did what, and what one may do next. */

import { address, getJson } from "../api.js";
import { el } from "../dom.js";
import { instant } from "../format.js";
import { ask, button, field, table, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { paper } from "./paper.js";
import { daysOf, FORM_NAMES } from "./terms.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Submission} Submission */
/** @typedef {import("./types.js").Act} Act */

/** @type {Record<Act, [text: string, act: (shown: Submission, desk: Desk) => void]>} */
const ACTS = {
  sign: ["签字", sign],
  check: ["核对无误", check],
  submit: ["报送上级", (shown, desk) => confirm(shown, desk, "submit", "报送上级", "报送后锁定，更正须另做新版本。")],
  refresh: ["刷新数据", (shown, desk) => confirm(shown, desk, "refresh", "刷新数据", shown.state === "checked" ? "刷新后须重新核对。" : "按目前的数据重新填报。")],
  send_back: ["退回", (shown, desk) => because(shown, desk, "send-back", "退回", "退回原因将告知报送单位。")],
  correct: ["更正", (shown, desk) => because(shown, desk, "correction", "更正", "另做新版本，原版本保留可查。")],
};

/** @param {HTMLElement} pane @param {Desk} desk @param {string} id */
export async function showSubmission(pane, desk, id) {
  show(pane, desk, await getJson(`/api/reports/submissions/${encodeURIComponent(id)}`));
}

/** @param {HTMLElement} pane @param {Desk} desk @param {Submission} shown */
function show(pane, desk, shown) {
  const file = address(`/api/reports/submissions/${shown.id}.xlsx`, {});
  const acts = shown.may.map((act, at) => button(ACTS[act][0], () => ACTS[act][1](shown, desk), at === 0 ? "button" : "quiet tall"));
  const title = `${shown.unit.name} ${FORM_NAMES[shown.form]} ${daysOf(shown)}`;
  const why = shown.why ? el("p", {}, `更正原因：${shown.why}`) : "";
  pane.replaceChildren(
    el("div", { class: "office-tools" }, button("返回报送", () => desk.go({ submission: null }), "quiet tall"), el("h2", { class: "grows" }, title)),
    el("p", { class: "submission-state" }, el("span", { class: "tag", "data-state": shown.state }, shown.state_text), ` 第 ${shown.version} 版，${instant(shown.due_at)} 截止${shown.was_late ? "，逾期报送" : ""}`),
    why,
    warnings(shown),
    el("div", { class: "actions start" }, ...acts, el("a", { class: "quiet as-button tall", href: file, download: "" }, "下载 Excel")),
    paper(shown.paper),
    history(shown, desk),
  );
}

/** What is missing below, what differs, what changed since it was checked. @param {Submission} shown */
function warnings(shown) {
  const missing = shown.missing.map(({ name, why }) => (why ? `${name}（${why}）` : name)).join("、");
  const lines = [
    ...(missing ? [`下级未报送：${missing}`] : []),
    ...shown.differences.map((text) => `与下级报送数不一致：${text}`),
    ...shown.moved.map((text) => `核对后下级有变化：${text}`),
  ];
  return lines.length ? el("ul", { class: "missing warnings", "aria-label": "提示" }, ...lines.map((line) => el("li", {}, line))) : "";
}

/** @param {Submission} shown @param {Desk} desk */
function history(shown, desk) {
  const steps = shown.steps.map((step) => [step.step_text, step.by_name, instant(step.at), step.words ?? ""]);
  const others = shown.versions.filter(({ id }) => id !== shown.id);
  const links = others.map((each) => el("li", {}, button(`第 ${each.version} 版 · ${each.state_text}`, () => desk.go({ submission: each.id }), "quiet tall"), each.why ? ` 更正原因：${each.why}` : null));
  const seal = shown.seal ? el("p", { class: "hint seal" }, `签字链第 ${shown.seal.seq} 条，摘要 ${shown.seal.digest}`) : null;
  return el("section", { class: "handing" }, el("h2", {}, "办理过程"), table("办理过程", ["步骤", "办理人", "时间", "说明"], steps, ""), seal, others.length ? el("h2", {}, "其他版本") : null, el("ul", { class: "versions" }, ...links));
}

/** @param {Submission} shown @param {Desk} desk */
function check(shown, desk) {
  const silent = shown.missing.map(({ code, name }) => field(`${name}缺报原因`, el("input", { name: `missing-${code}`, required: true, maxlength: 200 })));
  const hint = silent.length ? "下列单位尚未报送。请先催报；确需先行报送的，逐一说明原因，原因印在表上。" : "核对后由主要负责人签字。";
  const differs = shown.differences.length ? el("p", { class: "missing" }, `与下级报送数不一致 ${shown.differences.length} 处，将印在表上。`) : null;
  ask("核对报表", [el("p", {}, hint), differs, ...silent], "核对无误", async (values) => {
    const missing = shown.missing.map(({ code }) => ({ unit_code: code, why: textOf(values, `missing-${code}`) }));
    await send(shown, desk, "check", { digest: shown.digest, missing }, "已核对");
  });
}

/** @param {Submission} shown @param {Desk} desk */
function sign(shown, desk) {
  const at = el("label", { class: "field check" }, el("input", { type: "checkbox", name: "submit", checked: true }), el("span", {}, "签字后立即报送上级"));
  const password = el("input", { name: "password", type: "password", required: true, autocomplete: "current-password", maxlength: 200 });
  ask(
    "签字确认",
    [el("p", {}, `${shown.unit.name} ${FORM_NAMES[shown.form]}（${daysOf(shown)}，第 ${shown.version} 版）。签字写入签字链，不能撤销；签字人对内容负责。`), field("本人密码", password), at],
    "签字",
    async (values) => send(shown, desk, "sign", { digest: shown.digest, password: String(values.get("password")), submit: values.get("submit") !== null }, "已签字"),
  );
}

/** @param {Submission} shown @param {Desk} desk @param {string} act @param {string} text @param {string} hint */
function confirm(shown, desk, act, text, hint) {
  ask(text, [el("p", {}, hint)], text, () => send(shown, desk, act, undefined, `已${text}`));
}

/** @param {Submission} shown @param {Desk} desk @param {string} act @param {string} text @param {string} hint */
function because(shown, desk, act, text, hint) {
  ask(text, [field("原因", el("textarea", { name: "why", required: true, maxlength: 500, rows: 3 }), hint)], text, (values) => send(shown, desk, act, { why: textOf(values, "why") }, `已${text}`));
}

/** @param {Submission} shown @param {Desk} desk @param {string} act @param {unknown} body @param {string} said */
async function send(shown, desk, act, body, said) {
  /** @type {Submission} */
  const now = await sendJson("POST", `/api/reports/submissions/${shown.id}/${act}`, body);
  desk.say(said);
  desk.go({ submission: now.id });
}
