/** What an officer answered and whom they saw at a site. */

import { byId, el } from "../dom.js";

/** @typedef {import("./types.js").Visit} Visit */

/** Problems and those who were not seen come first: they are what a person must know. @param {Visit|null} visit */
export function showVisit(visit) {
  byId("visit").hidden = !visit;
  if (!visit) return byId("visit").replaceChildren();
  const unseen = visit.tenancies.filter((each) => !each.seen);
  const problems = visit.checklist.filter((item) => item.answer === "no");
  const parts = [
    el("h3", {}, [visit.site_name, visit.result_text, visit.not_entered_text].filter(Boolean).join(" · ")),
    visit.note ? el("p", {}, visit.note) : null,
    el("p", {}, el("a", { class: "visited-site", href: `/sites?site=${encodeURIComponent(visit.site_id)}` }, "查看场所")),
    ...section("租户", unseen.length ? `${unseen.length} 个未见到` : "全部见到", [...unseen, ...visit.tenancies.filter((each) => each.seen)].map(tenancy)),
    ...section("检查项", problems.length ? `${problems.length} 项不符合` : "没有不符合的", [...problems, ...visit.checklist.filter((item) => item.answer !== "no")].map(answered)),
  ];
  byId("visit").replaceChildren(...parts.filter((part) => part !== null));
}

/** @param {string} name @param {string} sum @param {HTMLElement[]} rows */
function section(name, sum, rows) {
  return rows.length ? [el("h3", {}, `${name}（${rows.length}，${sum}）`), el("ul", { class: "answers" }, ...rows)] : [];
}

/** @param {import("./types.js").TenancySeen} seen */
function tenancy(seen) {
  return row(seen.tenant_name + (seen.is_new ? "（本次新发现）" : ""), seen.seen ? "见到" : "未见到", !seen.seen, seen.note);
}

/** @param {import("./types.js").ItemAnswered} item */
function answered(item) {
  return row(item.text, item.answer_text, item.answer === "no", item.note);
}

/** @param {string} text @param {string} answer @param {boolean} isProblem @param {string|null} note */
function row(text, answer, isProblem, note) {
  return el("li", {}, el("span", { class: isProblem ? "answer problem" : "answer" }, answer), el("span", {}, text, note ? el("span", { class: "under" }, `　${note}`) : null));
}
