/** What falls due, and how sites, cases, leads and lists stand: every row leads to the list behind it. */

import { address } from "../api.js";
import { el } from "../dom.js";

/** @typedef {import("./types.js").Overview} Overview */
/** @typedef {[word: string, count: number|string, href: string, wanting?: boolean]} Fact */

const SITES = { never: "从未检查", overdue: "超期", incomplete: "检查不全", due: "即将到期", checked: "已检查" };
const CASES = { registered: "已登记", rectifying: "整治中", closed: "已完成整治", struck_off: "已销号" };
const LEADS = { new: "待分派", assigned: "已分派", checked: "已核查", true: "属实", false: "不属实", rewarded: "已奖励" };
const WANTING = ["never", "overdue", "incomplete"];
const MOST_LISTS = 5;

/** @param {HTMLElement} place @param {Overview} overview */
export function showCards(place, overview) {
  const cards = [due(overview), sites(overview), cases(overview), leads(overview), lists(overview), orders(overview), signing(overview)];
  place.replaceChildren(...cards.filter((card) => card !== null));
}

/** @param {string} name @param {string} title @param {string} href @param {string} under @param {Fact[]} facts */
function card(name, title, href, under, facts) {
  return el(
    "section",
    { class: "card", "data-card": name, "aria-labelledby": `card-${name}` },
    el("h2", { id: `card-${name}` }, el("a", { href }, title)),
    under ? el("p", { class: "under" }, under) : null,
    el("ul", { class: "facts" }, ...facts.map(fact)),
  );
}

/** @param {Fact} fact */
function fact([word, count, href, wanting]) {
  return el("li", { class: wanting ? "wanting" : count === 0 ? "none" : null }, el("a", { href }, el("span", {}, word), el("b", {}, count)));
}

/** @param {Overview} overview */
function due({ unit, today, sites, cases, leads, horizon_days }) {
  const at = (/** @type {string} */ path, /** @type {Record<string, string>} */ more = {}) => address(path, { unit: unit.code, ...more });
  /** @type {Fact[]} */
  const facts = [];
  if (today) {
    facts.push([`网格 ${horizon_days} 日内到期`, today.falling_grids, at("/today")]);
    facts.push(["网格已超期", today.overdue_grids, at("/today"), today.overdue_grids > 0]);
  }
  if (sites) {
    facts.push(["场所即将到期", sites.due, at("/sites", { state: "due" })]);
    facts.push(["场所超期", sites.overdue, at("/sites", { state: "overdue" }), sites.overdue > 0]);
  }
  if (cases) facts.push(["案件整治超期", cases.omissions.overdue, at("/cases", { omission: "overdue" }), cases.omissions.overdue > 0]);
  if (leads) facts.push(["线索超期", leads.omissions.overdue, at("/leads", { omission: "overdue" }), leads.omissions.overdue > 0]);
  return facts.length ? card("due", "到期与超期", at("/today"), "", facts) : null;
}

/** @param {Overview} overview */
function sites({ unit, sites }) {
  if (!sites) return null;
  const all = Object.values(sites).reduce((sum, count) => sum + count, 0);
  const facts = Object.entries(SITES).map(([state, word]) => /** @type {Fact} */ ([word, sites[state], address("/sites", { unit: unit.code, state }), WANTING.includes(state) && sites[state] > 0]));
  return card("sites", `场所 ${all}`, address("/sites", { unit: unit.code }), "", facts);
}

/** @param {Overview} overview */
function cases({ unit, cases }) {
  if (!cases) return null;
  const all = Object.values(cases.states).reduce((sum, count) => sum + count, 0);
  const facts = Object.entries(CASES).map(([state, word]) => /** @type {Fact} */ ([word, cases.states[state], address("/cases", { unit: unit.code, state })]));
  facts.push(["挂牌督办", cases.supervised, address("/cases", { unit: unit.code, supervised: "true" })]);
  const missed = cases.omissions.look_back_missed;
  facts.push(["回头看逾期", missed, address("/cases", { unit: unit.code, omission: "look_back_missed" }), missed > 0]);
  return card("cases", `案件 ${all}`, address("/cases", { unit: unit.code }), "", facts);
}

/** @param {Overview} overview */
function leads({ unit, leads }) {
  if (!leads) return null;
  const all = Object.values(leads.states).reduce((sum, count) => sum + count, 0);
  const facts = Object.entries(LEADS).map(([state, word]) => /** @type {Fact} */ ([word, leads.states[state], address("/leads", { unit: unit.code, state }), state === "new" && leads.states[state] > 0]));
  return card("leads", `线索 ${all}`, address("/leads", { unit: unit.code }), "", facts);
}

/** @param {Overview} overview */
function orders({ unit, orders }) {
  if (!orders) return null;
  const at = (/** @type {Record<string, string>} */ more) => address("/orders", { unit: unit.code, ...more });
  return card("orders", `派单 ${orders.open + orders.done + orders.withdrawn}`, at({}), "", [
    ["办理中", orders.open, at({ state: "open" })],
    ["其中超期", orders.overdue, at({ state: "open", overdue: "true" }), orders.overdue > 0],
    ["已报到县级", orders.levels.county, at({ state: "open", level: "county" })],
    ["已报到市级", orders.levels.city, at({ state: "open", level: "city" })],
    ["已完成", orders.done, at({ state: "done" })],
    ["已撤回", orders.withdrawn, at({ state: "withdrawn" })],
  ]);
}

/** Who has signed this month. @param {Overview} overview */
function signing({ unit, signing }) {
  const href = address("/determination", { unit: unit.code });
  const own = { valid: "已签", superseded: "已失效", sent_back: "已退回" }[signing.own ?? ""] ?? "未签";
  /** @type {Fact[]} */
  const below = [
    ["下级已签", `${signing.valid}/${signing.children}`, href],
    ["下级未签", signing.unsigned, href, signing.unsigned > 0],
    ["签后失效", signing.superseded, href, signing.superseded > 0],
    ["已退回", signing.sent_back, href, signing.sent_back > 0],
  ];
  return card("signing", "本月签字", href, "", [["本级", own, href, signing.own !== "valid"], ...(signing.children ? below : [])]);
}

/** @param {Overview} overview */
function lists({ lists }) {
  if (!lists) return null;
  const shown = lists.items.slice(0, MOST_LISTS);
  /** @type {Fact[]} */
  const facts = shown.map((list) => [list.name, list.percent === null ? "—" : `${list.percent}%`, address("/baselines", { id: list.id })]);
  if (!lists.total) facts.push(["尚无底单", "", "/baselines"]);
  if (lists.total > shown.length) facts.push([`另有 ${lists.total - shown.length} 份`, "", "/baselines"]);
  return card("lists", "底单核查率", "/baselines", "", facts);
}
