/** The small menu of the person signed in, in the header of every page. */

import { el } from "./dom.js";
import { showTrouble, signOut } from "./session.js";

/** @typedef {import("./types.js").Person} Person */

/** @type {[href: string, text: string, isTheirs: (person: Person) => boolean][]} */
const PAGES = [
  ["/overview", "总览", (person) => person.rights.includes("determination.read")],
  ["/determination", "无遗漏认定", (person) => person.rights.includes("determination.read")],
  ["/field", "外勤巡查", (person) => person.rights.includes("records.send") && person.officer_code !== null],
  ["/", "覆盖地图", (person) => person.rights.includes("coverage.read")],
  ["/today", "今日在岗", (person) => person.rights.includes("duty.read")],
  ["/review", "证据审核", (person) => person.rights.includes("review.decide")],
  ["/sites", "场所", (person) => person.rights.includes("sites.read")],
  ["/baselines", "底单", (person) => person.rights.includes("baselines.read")],
  ["/leads", "线索", (person) => person.rights.includes("leads.read")],
  ["/cases", "案件", (person) => person.rights.includes("cases.read")],
  ["/orders", "派单", (person) => person.rights.includes("orders.read")],
  ["/reports", "报表", (person) => person.rights.includes("reports.read")],
  ["/supervision", "督导", (person) => person.rights.includes("supervision.read")],
  ["/admin", "系统管理", (person) => ["accounts.manage", "audit.read"].some((right) => person.rights.includes(right))],
  ["/me", "我的数据", () => true],
];

/**
 * @param {HTMLElement} holder
 * @param {Person} person
 */
export function showAccount(holder, person) {
  const menu = el(
    "details",
    { class: "account" },
    el("summary", { class: "quiet" }, el("span", { class: "account-name" }, person.name)),
    el(
      "div",
      { class: "account-list" },
      el("p", {}, person.name, " ", el("span", { class: "tag" }, person.role_name)),
      el("p", { class: "account-scope" }, scopeOf(person)),
      el("nav", { "aria-label": "页面" }, ...PAGES.filter(([, , isTheirs]) => isTheirs(person)).map(link)),
      el("button", { type: "button", class: "account-link", onclick: () => void leave() }, "退出登录"),
    ),
  );
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  holder.replaceChildren(menu);
}

/** @param {Person} person */
export function scopeOf(person) {
  if (person.is_everything) return "管辖范围：全部";
  const names = [...person.units, ...person.grids].map((place) => place.name);
  if (!names.length) return "尚未分配管辖范围，请联系系统管理员";
  const shown = names.slice(0, 3).join("、");
  return `管辖范围：${shown}${names.length > 3 ? ` 等 ${names.length} 处` : ""}`;
}

/** @param {[string, string, unknown]} page */
function link([href, text]) {
  const current = location.pathname === href ? "page" : null;
  return el("a", { class: "account-link", href, "aria-current": current }, text);
}

async function leave() {
  try {
    await signOut();
  } catch (error) {
    showTrouble(error);
  }
}
