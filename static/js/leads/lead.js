/** One lead: what was told, where it stands, what became of it step by step, and what may be done next. */

import { getJson } from "../api.js";
import { dispatchButton } from "../dispatch.js";
import { byId, el } from "../dom.js";
import { day, instant } from "../format.js";
import { button } from "../office.js";
import { showTrouble } from "../session.js";
import { omissionText } from "./list.js";
import { SOURCES, STATES, STEPS } from "./words.js";

/** @typedef {import("./types.js").Lead} Lead */
/** @typedef {import("./types.js").LeadEvent} LeadEvent */
/** @typedef {[string, import("../dom.js").Child]} Fact */

const NOT_TOLD = "未填写";

/**
 * @param {Lead} lead
 * @param {import("../types.js").Person} person
 * @param {string} today
 * @param {{back: () => void, step: (step: string) => void}} on
 */
export function showLead(lead, person, today, on) {
  byId("lead").replaceChildren(
    el("header", { class: "lead-top" }, button("返回清单", on.back, "quiet tall back"), el("h2", {}, lead.subject_name ?? lead.what_text), el("span", { class: `tag state-${lead.state}` }, lead.state_text), lead.state === "new" || lead.state === "assigned" ? dispatchButton(() => ({ subject_kind: "lead", subject: `lead:${lead.id}` })) : null),
    el("div", { class: "lead-body" }, warnings(lead, today), told(lead), standing(lead), pattern(lead), photos(lead), reporter(lead, person), history(lead)),
    actions(lead, person, on.step),
  );
}

/** @param {Lead} lead @param {string} today */
function warnings(lead, today) {
  if (!lead.omissions.length) return "";
  return el("p", { class: "warnings" }, ...lead.omissions.map((code) => el("span", { class: "tag bad" }, omissionText(lead, code, today))));
}

/** @param {string} title @param {...import("../dom.js").Child} children */
function part(title, ...children) {
  return el("section", { class: "lead-part" }, el("h3", {}, title), ...children);
}

/** @param {Fact[]} facts */
function list(facts) {
  return el("dl", {}, ...facts.filter(([, text]) => text !== null && text !== undefined).flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]));
}

/** @param {Lead} lead */
function told(lead) {
  return part(
    "线索内容",
    el("p", { class: "note" }, lead.note ?? lead.what_text),
    list([
      ["来源", `${SOURCES[lead.source]}${lead.number ? `，编号 ${lead.number}` : ""}`],
      ["情况", lead.what_text],
      ["反映对象", lead.subject_name ?? NOT_TOLD],
      ["信用代码", lead.subject_uscc],
      ["地址", lead.address ?? NOT_TOLD],
      ["时间", instant(lead.made_at)],
      ["上报人", lead.officer_name],
    ]),
  );
}

/** @param {Lead} lead */
function standing(lead) {
  return part(
    "办理情况",
    list([
      ["期限", lead.deadline ? day(lead.deadline) : "未定"],
      ["区划", lead.unit?.name ?? "辖区外"],
      ["网格", lead.grid?.name ?? (lead.lon === null ? "无位置，未落实" : "不在任何网格")],
      ["网格责任人", lead.responsible?.name ?? "未落实"],
      ["办理人", lead.assigned_to?.name ?? "尚未分派"],
      ["场所", siteOf(lead)],
      ["核查依据", lead.visit_id ? "该场所的检查走访" : null],
      ["奖励", lead.reward_yuan === null ? null : `${lead.reward_yuan} 元`],
    ]),
  );
}

/** @param {Lead} lead */
function siteOf(lead) {
  if (!lead.site) return lead.no_known_site ? "确认不是已登记的场所" : el("span", { class: "missing" }, "未匹配");
  const link = el("a", { href: `/sites?id=${encodeURIComponent(lead.site.id)}` }, lead.site.name);
  return el("span", {}, link, lead.tenancy ? `，${lead.tenancy.name}` : "");
}

/** What a machine found. @param {Lead} lead */
function pattern({ source, facts }) {
  if (source === "power_growth" && Array.isArray(facts.kwh)) {
    return part(
      "用电情况",
      bars(facts.kwh, facts.first_month),
      list([
        ["户号", String(facts.user_number)],
        ["近 3 个月中位数", `${Math.round(facts.recent_kwh).toLocaleString("zh-CN")} 千瓦时`],
        [facts.is_seasonal ? "按去年同期推算" : "此前中位数", `${Math.round(facts.expected_kwh).toLocaleString("zh-CN")} 千瓦时`],
        ["稳健分数", facts.score === null ? null : `${facts.score}（界限 3.5）`],
      ]),
    );
  }
  if (source !== "vehicle") return "";
  return part("停留情况", list([["车牌", String(facts.plate)], ["开始", instant(facts.from)], ["结束", instant(facts.until)], ["时长", `${facts.minutes} 分钟`]]));
}

/** @param {(number|null)[]} kwh @param {string} first */
function bars(kwh, first) {
  const most = Math.max(1, ...kwh.map((value) => value ?? 0));
  const columns = kwh.map((value, at) => {
    const bar = el("i", { class: at >= kwh.length - 3 ? "bar recent" : "bar" });
    bar.style.setProperty("--share", String((value ?? 0) / most));
    return bar;
  });
  const label = `自 ${first} 起 ${kwh.length} 个月的用电量，最高 ${Math.round(most)} 千瓦时，最近 3 个月为深色`;
  return el("figure", { class: "bars" }, el("div", { role: "img", "aria-label": label }, ...columns), el("figcaption", {}, `自 ${first} 起，每月一柱，最近 3 个月为深色`));
}

/** @param {Lead} lead */
function photos({ photos: known }) {
  if (!known.length) return "";
  return part(
    `照片（${known.length}）`,
    el("div", { class: "photos" }, ...known.map((photo, at) => el("a", { href: `/api/photos/${photo.id}`, target: "_blank", rel: "noopener" }, el("img", { src: `/api/photos/${photo.id}`, alt: `照片 ${at + 1}，${instant(photo.taken_at)}`, loading: "lazy" })))),
  );
}

/** @param {Lead} lead @param {import("../types.js").Person} person */
function reporter(lead, person) {
  if (!person.rights.includes("reporters.read")) return "";
  const holder = el("div", { id: "reporter" });
  const look = async () => {
    try {
      const found = /** @type {import("./types.js").Reporter} */ (await getJson(`/api/leads/${lead.id}/reporter`));
      const who = found.is_anonymous ? "匿名" : "实名";
      holder.replaceChildren(list([["方式", who], ["姓名", found.name], ["电话", found.phone], ["其他", found.words]]), el("p", { class: "under" }, "本次查看已记录。请勿截图、转发。"));
    } catch (error) {
      if (error instanceof Error && "status" in error && error.status === 404) holder.replaceChildren(el("p", { class: "under" }, "这条线索没有登记举报人。"));
      else showTrouble(error);
    }
  };
  holder.append(button("查看举报人（将被记录）", () => void look(), "quiet tall"));
  return part("举报人", holder);
}

/** @param {Lead} lead */
function history({ events }) {
  return part("办理经过", el("ol", { class: "timeline" }, ...events.map(event)));
}

/** @param {LeadEvent} event */
function event(event) {
  const moved = event.from_state && event.from_state !== event.to_state ? `${STATES[event.from_state]} → ${STATES[event.to_state]}` : null;
  return el("li", {}, el("b", {}, event.kind_text), ` ${event.by_name}，${instant(event.at)}`, moved ? el("span", { class: "under" }, ` ${moved}`) : "", ...said(event).map((text) => el("p", {}, text)));
}

/** @param {LeadEvent} event @returns {string[]} */
function said({ kind, facts, words }) {
  const texts = [];
  if (kind === "assigned") texts.push(`交 ${facts.officer_name}（${facts.officer_code}）办理`);
  if (kind === "matched") texts.push(facts.site_id ? `场所：${facts.site_name}${facts.tenant_name ? `，${facts.tenant_name}` : ""}${facts.placed_at_site ? "（位置取自场所）" : ""}` : "不是已登记的场所");
  if (kind === "checked") texts.push(facts.visit_id ? `依据 ${day(facts.looked_on)} 的检查走访` : `${day(facts.looked_on)} 由 ${facts.looked_by} 到现场`);
  if (kind === "rewarded") texts.push(`${facts.amount_yuan} 元`);
  if (kind === "reopened") texts.push(`新期限 ${day(facts.deadline[1])}`);
  if (words) texts.push(words);
  return texts;
}

/** @param {Lead} lead @param {import("../types.js").Person} person @param {(step: string) => void} take */
function actions(lead, person, take) {
  if (!person.rights.includes("leads.manage")) return "";
  const [first, ...others] = lead.steps;
  return el("div", { id: "actions", role: "group", "aria-label": "办理" }, button(STEPS[first], () => take(first), "button"), ...others.map((step) => button(STEPS[step], () => take(step), "quiet tall")));
}
