/** One case in full, section by section. */

import { dispatchButton } from "../dispatch.js";
import { el } from "../dom.js";
import { button } from "../office.js";
import { showAttachments } from "./attachments.js";
import { chain } from "./chain.js";
import { closure, lookBacks } from "./closure.js";
import { localDay } from "./dialog.js";
import { editFacts, editPenalties } from "./edit.js";
import { badges, dueText, stateTag } from "./list.js";
import { addNote, steps, supervise } from "./steps.js";
import { timeline } from "./timeline.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("./types.js").CaseDetail} CaseDetail */
/** @typedef {import("./types.js").Desk} Desk */

const SOURCES = /** @type {Record<string, string>} */ ({ site: "场所", tenancy: "租户", lead: "线索", visit: "检查走访" });
const NONE = "—";

/** @param {HTMLElement} holder @param {CaseDetail} detail @param {Desk} desk @param {() => void} back */
export function showFile(holder, detail, desk, back) {
  holder.replaceChildren(
    head(detail, back),
    steps(detail, desk),
    section("基本情况", facts(detail), detail.may_manage && button("修改", () => editFacts(detail, desk), "quiet tall")),
    section("问题具体描述", el("p", { class: "told" }, detail.description)),
    section("采取的措施", el("p", { class: "told" }, detail.measures ?? "（未填写）")),
    section("两断三清", closure(detail, desk)),
    section("回头看", lookBacks(detail, desk)),
    section("处罚与督办", penalties(detail), detail.may_manage && el("span", { class: "row-actions" }, button("修改", () => editPenalties(detail, desk), "quiet tall"), button("挂牌督办", () => supervise(detail, desk), "quiet tall"))),
    chain(detail, desk),
    showAttachments(detail, desk),
    ...photos(detail),
    section("办理经过", timeline(detail), detail.may_manage && button("记事", () => addNote(detail, desk), "quiet tall")),
  );
}

/** @param {string} title @param {Child} content @param {Child} [action] */
export function section(title, content, action = null) {
  return el("section", { class: "part" }, el("div", { class: "part-head" }, el("h2", {}, title), action), content);
}

/** @param {CaseDetail} detail @param {() => void} back */
function head(detail, back) {
  return el(
    "header",
    { class: "file-head" },
    el("button", { type: "button", class: "quiet tall", id: "back", onclick: back }, "‹ 返回清单"),
    el(
      "div",
      { class: "file-name" },
      el("h2", {}, detail.party_name),
      el("p", { class: "under" }, `${detail.number} · ${detail.place_names.join("") || detail.unit.name}`),
      el("p", { class: "row-tags" }, stateTag(detail.state, detail.state_text), ...badges(detail, detail.choices), el("span", { class: "under" }, dueText(detail))),
    ),
    el(
      "div",
      { class: "row-actions downloads" },
      el("a", { class: "quiet as-button", href: `/api/cases/${detail.id}.pdf`, download: "" }, "下载 PDF"),
      el("a", { class: "quiet as-button", href: `/api/cases/${detail.id}.zip`, download: "" }, "下载原件包"),
      button("打印本页", () => window.print(), "quiet tall"),
      isLeft(detail) ? dispatchButton(() => aboutCase(detail)) : null,
    ),
  );
}

/** Whether somebody can be sent for anything. @param {CaseDetail} detail */
const isLeft = ({ state, omissions }) => (state !== "closed" && state !== "struck_off") || omissions.length > 0;

/** What a finished case still wants decides what somebody is sent for. @param {CaseDetail} detail */
function aboutCase({ id, omissions }) {
  const omission = omissions.includes("look_back_missed") ? "look_back_missed" : omissions.includes("closed_incomplete") ? "case_closed_incomplete" : null;
  return { subject_kind: "case", subject: `case:${id}`, omission };
}

/** @param {[string, Child][]} rows @param {string} kind */
function list(rows, kind = "facts") {
  return el("dl", { class: kind }, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value || NONE))));
}

/** @param {CaseDetail} detail */
function facts(detail) {
  const { choices, fields } = detail;
  const place = detail.lon === null || detail.lat === null ? el("span", { class: "missing" }, "没有坐标") : `${detail.lon.toFixed(6)}, ${detail.lat.toFixed(6)}`;
  return list([
    ["问题编号", detail.number],
    [fields.party_uscc, detail.party_uscc],
    [fields.category, detail.category_text],
    ...(detail.chemical_kind ? [/** @type {[string, Child]} */ ([fields.chemical_kind, choices.chemical_kinds[detail.chemical_kind]])] : []),
    [fields.stages, detail.stages.map((each) => choices.stages[each]).join("、")],
    [fields.chemicals, detail.chemicals.map(chemicalText).join("；")],
    [fields.address, detail.address],
    [fields.place, place],
    [fields.responsible_name, withPhone(detail.responsible_name, detail.responsible_phone)],
    [fields.handler_name, detail.handler_name ? withPhone(detail.handler_name, detail.handler_phone) : el("span", { class: "missing" }, "未落实专人")],
    [fields.found_on, detail.found_on],
    [fields.deadline, detail.deadline],
    [fields.way_to_close, choices.ways[detail.way_to_close ?? ""]],
    [fields.closed_on, detail.closed_on],
    ["来源", detail.sources.length ? el("span", {}, ...detail.sources.map(sourceLink)) : null],
    ["登记", `${detail.created_by}，${localDay(detail.created_at)}`],
  ]);
}

/** @param {import("./types.js").Chemical} chemical */
export function chemicalText({ name, amount, unit }) {
  return `${name}${amount === null ? "" : ` ${amount}`}${unit ?? ""}`;
}

/** @param {{kind: string, id: string, text: string}} source */
function sourceLink({ kind, id, text }) {
  const words = `${SOURCES[kind]}：${text}`;
  const page = /** @type {Record<string, string>} */ ({ site: "/sites", lead: "/leads" })[kind];
  return el("span", { class: "source" }, page ? el("a", { href: `${page}?id=${encodeURIComponent(id)}` }, words) : words);
}

/** @param {string|null} name @param {string|null} phone @returns {Child} */
function withPhone(name, phone) {
  if (!name && !phone) return null;
  return el("span", {}, name ?? "", " ", phone ? el("a", { href: `tel:${phone}` }, phone) : null);
}

/** @param {CaseDetail} detail */
function penalties(detail) {
  const { choices, fields } = detail;
  const on = (/** @type {string|number} */ value, /** @type {string|null} */ day) => (day ? `${value}（${day}）` : `${value}`);
  const yes = (/** @type {boolean} */ value) => (value ? "是" : "否");
  return list([
    [fields.is_shut, yes(detail.is_shut)],
    [fields.is_suspended, yes(detail.is_suspended)],
    [fields.is_dismantled, yes(detail.is_dismantled)],
    [fields.filed_on, detail.filed_on],
    [fields.fine_wan, on(detail.fine_wan, detail.fined_on)],
    [fields.confiscated_wan, on(detail.confiscated_wan, detail.confiscated_on)],
    [fields.transferred_persons, on(detail.transferred_persons, detail.transferred_on)],
    [fields.detained_persons, `${detail.detained_persons}`],
    [fields.disciplined_persons, `${detail.disciplined_persons}`],
    ["挂牌督办", detail.supervised_level ? on(choices.levels[detail.supervised_level], detail.supervised_on) : "未挂牌"],
  ]);
}

/** @param {CaseDetail} detail */
function photos(detail) {
  if (!detail.visit_photos.length) return [];
  const pictures = detail.visit_photos.map((photo) => el("li", {}, el("a", { href: photo.url, target: "_blank" }, el("img", { src: photo.url, alt: `检查走访照片，${localDay(photo.taken_at)}`, loading: "lazy" }))));
  return [section("检查走访照片", el("ul", { class: "pictures" }, ...pictures))];
}
