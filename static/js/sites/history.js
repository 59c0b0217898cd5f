/** Visits to a site, and every change of what is known of it. */

import { el } from "../dom.js";
import { instant } from "../format.js";
import { ASPECTS, CHECK_RESULTS, FIELDS, nameOf, RISKS, SHUT_DOWN_KINDS, SUBLETS } from "./words.js";
import { OCCUPANCIES, SITE_KINDS } from "../sitestates.js";

/** @typedef {import("./types.js").SiteVisit} SiteVisit */
/** @typedef {import("./types.js").SiteEvent} SiteEvent */

const FAR_M = 100;
const SHOWN = 5;

/** @param {SiteVisit[]} visits newest first @param {import("../types.js").Person} person @returns {HTMLElement[]} */
export function showVisits(visits, person) {
  if (!visits.length) return [el("p", { class: "under" }, "还没有走访记录。")];
  const mayReview = person.rights.includes("review.decide");
  return folded(visits.map((visit) => visitItem(visit, mayReview)), "visit-items");
}

/** @param {SiteVisit} visit @param {boolean} mayReview */
function visitItem(visit, mayReview) {
  const isVoid = visit.state === "voided";
  const seen = visit.result === "not_entered" ? "" : [`看到 ${visit.tenancies_seen} 户`, visit.tenancies_missed ? `未见 ${visit.tenancies_missed} 户` : ""].filter(Boolean).join("，");
  return el(
    "li",
    { "data-visit": visit.id, "data-result": visit.result, "data-state": visit.state },
    el("p", {}, el("span", { class: `tag result-${visit.result}` }, visit.result_text), isVoid ? el("span", { class: "tag omission" }, "已作废") : null, " ", el("strong", {}, visit.officer_name ?? visit.officer_code), ` ${instant(visit.visited_at)}`),
    el("p", { class: "under" }, [seen, distance(visit), visit.not_entered_why ?? ""].filter(Boolean).join("；")),
    visit.note ? el("p", {}, visit.note) : null,
    mayReview ? el("a", { class: "to-review", href: `/review?id=${encodeURIComponent(visit.id)}` }, "查看检查内容和照片") : null,
  );
}

/** @param {SiteVisit} visit */
function distance({ distance_m, accuracy_m }) {
  if (distance_m === null) return "没有定位，无法核对距离";
  const near = distance_m <= FAR_M + (accuracy_m ?? 0);
  const text = distance_m < 1 ? "手机在场所内" : `手机距场所 ${Math.ceil(distance_m)} 米`;
  return near ? text : `${text}，过远`;
}

/** @param {SiteEvent[]} events newest first @returns {HTMLElement[]} */
export function showChanges(events) {
  if (!events.length) return [el("p", { class: "under" }, "没有变更记录。")];
  return folded(events.map(eventItem), "event-items");
}

/** @param {SiteEvent} event */
function eventItem(event) {
  const changes = Object.entries(event.changes ?? {}).filter(([name]) => name in FIELDS);
  const listed = event.kind === "created" || event.kind === "tenancy_added" ? [] : changes;
  return el(
    "li",
    { "data-event": event.kind },
    el("p", {}, el("strong", {}, event.kind_text), event.tenant_name ? `：${event.tenant_name}` : "", el("span", { class: "under" }, ` ${event.by_name}，${instant(event.at)}`)),
    ...listed.map(([name, change]) => el("p", { class: "under" }, `${FIELDS[name]}：${changeText(name, change)}`)),
    event.words ? el("p", {}, event.words) : null,
  );
}

/** @param {string} name @param {any} change [old, new], or what is now */
function changeText(name, change) {
  if (!Array.isArray(change) || change.length !== 2) return said(name, change);
  return `${said(name, change[0])} → ${said(name, change[1])}`;
}

/** @param {string} name @param {any} value @returns {string} */
function said(name, value) {
  if (value === null || value === undefined || value === "") return "空";
  if (Array.isArray(value)) return value.map((each) => said(name, each)).join("、") || "空";
  if (typeof value === "object") return value.name ? [value.name, value.amount, value.unit].filter((part) => part !== null && part !== undefined).join(" ") : "已变更";
  return { kind: SITE_KINDS[value], occupancy: OCCUPANCIES[value], risk: nameOf(RISKS, value), shut_down_kind: nameOf(SHUT_DOWN_KINDS, value), sublets: nameOf(SUBLETS, value), aspect: nameOf(ASPECTS, value), result: nameOf(CHECK_RESULTS, value) }[name] ?? String(value);
}

/** The first few, the rest behind a click. @param {HTMLElement[]} items @param {string} kind */
function folded(items, kind) {
  const list = el("ol", { class: kind }, ...items.slice(0, SHOWN));
  const rest = items.slice(SHOWN);
  return rest.length ? [list, el("details", {}, el("summary", {}, `更早的 ${rest.length} 条`), el("ol", { class: kind }, ...rest))] : [list];
}
