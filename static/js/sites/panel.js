/** One site in words: where it stands and why, what is left out, who is inside, visits and history. */

import { dispatchButton } from "../dispatch.js";
import { byId, el } from "../dom.js";
import { stateMark, stateWord } from "../sitestates.js";
import { showChanges, showVisits } from "./history.js";
import { showTenancies } from "./tenancies.js";
import { OMISSIONS } from "./words.js";

/** @typedef {import("./types.js").SiteDetail} SiteDetail */
/** @typedef {import("./types.js").Tenancy} Tenancy */
/** @typedef {import("../types.js").Person} Person */

/**
 * What may be asked for from the panel; null where the reader may not.
 * @typedef {object} Deeds
 * @property {() => void} close
 * @property {(() => void)|null} edit
 * @property {(() => void)|null} remove
 * @property {(() => void)|null} restore
 * @property {((parent: Tenancy|null) => void)|null} addTenancy
 * @property {((tenancy: Tenancy) => void)|null} editTenancy
 * @property {((tenancy: Tenancy) => void)|null} endTenancy
 * @property {((tenancy: Tenancy) => void)|null} check
 */

/** @param {SiteDetail} site @param {Person} person @param {Deeds} deeds */
export function showSite(site, person, deeds) {
  byId("site").replaceChildren(
    head(site, deeds),
    el(
      "div",
      { class: "site-body" },
      standing(site),
      omissions(site),
      section("tenancies", `租户（${site.tenancies.filter(({ is_current }) => is_current).length} 户）`, ...showTenancies(site, deeds)),
      section("visits", "走访记录", ...showVisits(site.visits, person)),
      section("facts", "登记情况", facts(site, person)),
      section("history", "变更记录", ...showChanges(site.events)),
    ),
  );
}

/** @param {SiteDetail} site @param {Deeds} deeds */
function head(site, deeds) {
  const { edit, remove, restore } = deeds;
  return el(
    "header",
    { class: "site-top" },
    el("button", { type: "button", id: "back", class: "quiet", onclick: deeds.close }, "返回列表"),
    el("div", { class: "site-title" }, el("h2", {}, site.name), el("p", { class: "under" }, [site.kind_text, occupancyOf(site), site.code].join(" · ")), el("p", { class: "under" }, site.unit_names.join(" › "))),
    edit && !site.removed_on ? el("button", { type: "button", class: "quiet", id: "edit", onclick: edit }, "修改") : null,
    remove && !site.removed_on ? el("button", { type: "button", class: "quiet", id: "remove", onclick: remove }, "移除") : null,
    restore && site.removed_on ? el("button", { type: "button", class: "quiet", id: "restore", onclick: restore }, "恢复") : null,
    site.removed_on ? null : dispatchButton(() => ({ subject_kind: "site", subject: `site:${site.id}` }), "quiet"),
    el("button", { type: "button", class: "close", id: "close", "aria-label": "关闭", onclick: deeds.close }, "×"),
  );
}

/** @param {SiteDetail} site */
function occupancyOf({ occupancy_text, shut_down_text }) {
  return shut_down_text ? `${occupancy_text}（${shut_down_text}）` : occupancy_text;
}

/** @param {SiteDetail} site */
function standing(site) {
  if (site.removed_on) return el("section", { class: "standing", "data-state": "removed" }, el("p", {}, el("strong", {}, `已于 ${site.removed_on} 移除`)), el("p", {}, site.removed_why));
  return el("section", { class: "standing", id: "standing", "data-state": site.state }, stateMark(site.state), el("div", {}, el("strong", {}, `${stateWord(site.state)}${why(site)}`), el("p", {}, dates(site))));
}

/** Why it stands so: "：2 户未见". @param {SiteDetail} site */
function why(site) {
  const current = site.tenancies.filter(({ is_current }) => is_current);
  const never = current.filter(({ look }) => look === "never");
  const old = current.filter(({ look }) => look === "overdue");
  if (site.state === "never") return current.length ? `：场所和 ${current.length} 户租户都没有看过` : "：没有人进入看过";
  if (site.state === "incomplete") {
    const parts = [never.length ? `${never.length} 户未见` : "", old.length ? `${old.length} 户超期未见` : ""].filter(Boolean);
    return parts.length ? `：${parts.join("，")}（${names([...never, ...old])}）` : "";
  }
  if (site.state === "overdue") return site.due_on ? `：${site.due_on} 已到期` : "";
  if (site.state === "due") return `：${site.due_on} 到期`;
  return current.length ? `：场所和 ${current.length} 户租户都看过` : "";
}

/** @param {Tenancy[]} tenancies */
function names(tenancies) {
  const shown = tenancies.slice(0, 3).map(({ tenant_name }) => tenant_name).join("、");
  return tenancies.length > 3 ? `${shown} 等` : shown;
}

/** @param {SiteDetail} site */
function dates(site) {
  const cycle = `每 ${site.cycle_days} 天一次${site.stated_cycle_days ? "" : "（按风险等级）"}`;
  const seen = site.last_visit_on ? `最近入场检查 ${site.last_visit_on}` : "尚无入场检查";
  return [seen, site.checked_on && site.checked_on !== site.last_visit_on ? `全部看到 ${site.checked_on}` : "", cycle].filter(Boolean).join("，");
}

/** @param {SiteDetail} site */
function omissions(site) {
  const all = site.omissions;
  if (!all.length) return el("section", { id: "omissions", class: "site-part" }, el("h3", {}, "遗漏"), el("p", { class: "under" }, "没有发现遗漏。"));
  return section(
    "omissions", `遗漏（${all.length} 项）`,
    el("ul", {}, ...all.map((each) => {
      const todo = OMISSIONS[each.kind]?.[1] ?? "";
      return el("li", { "data-kind": each.kind }, el("strong", {}, each.tenant_name ? `${each.tenant_name}：${each.text}` : each.text), each.since ? el("small", {}, `自 ${each.since}`) : null, el("p", {}, todo));
    })),
  );
}

/** @param {SiteDetail} site @param {Person} person */
function facts(site, person) {
  const place = site.lon === null || site.lat === null ? "无坐标" : `${site.lat.toFixed(6)}，${site.lon.toFixed(6)}（WGS-84）`;
  const unit = site.unit && site.unit.code !== site.stated_unit.code ? `${site.unit.name}（所填：${site.stated_unit.name}）` : site.unit?.name ?? `${site.stated_unit.name}（按所填，坐标不在任何区划内）`;
  const officers = site.officers.map(({ name, phone }) => (phone ? `${name} ${phone}` : name)).join("；");
  const dust = site.dust_kind ? [site.dust_kind, site.dust_confirmed_by ? `${site.dust_confirmed_by} ${site.dust_confirmed_on} 确认` : "未确认"].join("，") : null;
  /** @type {[string, string|null][]} */
  const pairs = [
    ["地址", site.address], ["区划", unit], ["网格", site.grid?.name ?? "不在任何网格"], ["网格员", officers || "无"], ["风险等级", site.risk_text ?? "未定"],
    ["信用代码", site.uscc], ["出租方", [site.lessor_name, site.lessor_phone].filter(Boolean).join(" ") || null], ["粉尘", dust], ["安全员", site.safety_officer], ["位置", place], ["来源", site.provenance],
  ];
  const isKnown = person.rights.includes("coverage.read") && site.lon !== null && site.lat !== null;
  return el(
    "dl",
    { class: "pairs" },
    ...pairs.filter(([, text]) => text !== null).flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]),
    ...(isKnown ? [el("dt", {}, "覆盖地图"), el("dd", {}, el("a", { href: `/?point=${site.lon},${site.lat}&map=16.00/${site.lat}/${site.lon}` }, "查看此处最近谁到过"))] : []),
  );
}

/** @param {string} id @param {string} title @param {...import("../dom.js").Child} children */
function section(id, title, ...children) {
  return el("section", { id, class: "site-part" }, el("h3", {}, title), ...children);
}
