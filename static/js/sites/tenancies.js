/** The tenancies of a site as a tree: who lets to whom. */

import { el } from "../dom.js";
import { area } from "../format.js";
import { stateMark } from "../sitestates.js";
import { ASPECTS } from "./words.js";

/** @typedef {import("./types.js").Tenancy} Tenancy */
/** @typedef {import("./types.js").SiteDetail} SiteDetail */
/** @typedef {import("./panel.js").Deeds} Deeds */

/** @param {SiteDetail} site @param {Deeds} deeds @returns {HTMLElement[]} */
export function showTenancies(site, deeds) {
  const current = site.tenancies.filter(({ is_current }) => is_current);
  const ended = site.tenancies.filter(({ is_current }) => !is_current);
  const { addTenancy } = deeds;
  const isOpen = !site.removed_on;
  return [
    current.length ? tree(current, deeds) : el("p", { class: "under" }, "没有登记的租户。"),
    ...(addTenancy && isOpen ? [el("button", { type: "button", class: "quiet tall", id: "add-tenancy", onclick: () => addTenancy(null) }, "新增租户")] : []),
    ...(ended.length ? [el("details", { class: "ended" }, el("summary", {}, `已退出的租户（${ended.length} 户）`), el("ul", {}, ...ended.map(left)))] : []),
  ];
}

/** @param {Tenancy[]} tenancies parents before children @param {Deeds} deeds */
function tree(tenancies, deeds) {
  const here = new Set(tenancies.map(({ id }) => id));
  const under = (/** @type {string|null} */ parent) => tenancies.filter(({ parent_id }) => (parent_id && here.has(parent_id) ? parent_id : null) === parent);
  /** @param {Tenancy[]} level @param {number} depth @returns {HTMLElement} */
  const branch = (level, depth) => {
    const items = level.map((tenancy) => {
      const below = under(tenancy.id);
      return el("li", { "data-tenancy": tenancy.id, "data-depth": depth }, card(tenancy, deeds), below.length ? branch(below, depth + 1) : null);
    });
    return el("ul", depth ? { class: "branch" } : { class: "tree", "aria-label": "租户和转租关系" }, ...items);
  };
  return branch(under(null), 0);
}

/** @param {Tenancy} tenancy @param {Deeds} deeds */
function card(tenancy, deeds) {
  const lease = tenancy.lease_from || tenancy.lease_to ? `租期 ${tenancy.lease_from ?? "未填"} 至 ${tenancy.lease_to ?? "未填"}` : "租期未填";
  const lines = [
    [tenancy.floor_unit, tenancy.area_m2 ? area(tenancy.area_m2) : null, tenancy.process].filter(Boolean).join(" · "),
    `${lease}，${tenancy.sublets === "unknown" ? "转租情况未查明" : tenancy.sublets_text}`,
    tenancy.main_risks ? `主要风险：${tenancy.main_risks}` : "",
    tenancy.chemicals.length ? `化学品：${tenancy.chemicals.map(chemical).join("、")}` : "",
    [tenancy.uscc, tenancy.contact_name, tenancy.contact_phone].filter(Boolean).join(" · "),
  ];
  return el(
    "div",
    { class: "tenancy" },
    el("p", { class: "tenancy-head" }, tenancy.look ? stateMark(tenancy.look) : null, el("strong", {}, tenancy.tenant_name), el("span", { class: "under" }, tenancy.last_seen_on ? `最近看到 ${tenancy.last_seen_on}` : "从未看到")),
    ...lines.filter(Boolean).map((line) => el("p", {}, line)),
    el("ul", { class: "aspects", "aria-label": "租前体检" }, ...ASPECTS.map(([code, name]) => aspect(name, tenancy.checks.find((check) => check.aspect === code && check.counts)))),
    tenancy.omissions.length ? el("p", { class: "row-tags" }, ...tenancy.omissions.map(({ text }) => el("span", { class: "tag omission" }, text))) : null,
    actions(tenancy, deeds),
  );
}

/** @param {import("./types.js").Chemical} chemical */
function chemical({ name, amount, unit }) {
  return amount === null ? name : `${name} ${amount}${unit ? ` ${unit}` : ""}`;
}

/** @param {string} name @param {import("./types.js").PreLeaseCheck|undefined} check the latest */
function aspect(name, check) {
  const sign = check ? { passed: "✓", failed: "✗", not_applicable: "—" }[check.result] : "?";
  const text = check ? `${check.result_text} ${check.checked_on}` : "未检";
  return el("li", { "data-result": check?.result ?? "none", title: check ? [check.checked_by, check.note].filter(Boolean).join("，") : null }, el("b", { "aria-hidden": "true" }, sign), ` ${name}`, el("small", {}, text));
}

/** @param {Tenancy} tenancy @param {Deeds} deeds */
function actions(tenancy, { addTenancy, editTenancy, endTenancy, check }) {
  if (!addTenancy || !editTenancy || !endTenancy || !check) return null;
  const act = (/** @type {string} */ text, /** @type {() => void} */ deed) => el("button", { type: "button", class: "quiet", onclick: deed }, text);
  return el(
    "details",
    { class: "deeds" },
    el("summary", { "aria-label": `${tenancy.tenant_name}的操作` }, "操作"),
    el("div", { class: "row-actions" }, act(tenancy.state === "reported" ? "补全资料" : "修改", () => editTenancy(tenancy)), act("登记体检", () => check(tenancy)), act("新增转租户", () => addTenancy(tenancy)), act("退出", () => endTenancy(tenancy))),
  );
}

/** @param {Tenancy} tenancy */
function left(tenancy) {
  return el("li", {}, el("strong", {}, tenancy.tenant_name), el("p", { class: "under" }, `${tenancy.started_on} 至 ${tenancy.ended_on}${tenancy.ended_why ? `，${tenancy.ended_why}` : ""}`));
}
