/** The figures of the place in view: one big number, what must not be forgotten beside it, and the seven shares. */

import { bar, swatch } from "./bar.js";
import { el } from "../dom.js";
import { area, ago, day, LEVEL_NAMES, percent, RISK_NAMES } from "../format.js";
import { SHARES } from "../shares.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Coverage} Coverage */
/** @typedef {import("../types.js").Status} Status */

/**
 * @param {HTMLElement} place
 * @param {Coverage} coverage
 * @param {Status} status
 */
export function showHeadline(place, coverage, status) {
  const { row } = coverage;
  place.replaceChildren(
    el(
      "div",
      { class: "place" },
      el("h1", { id: "place-name" }, row.name),
      el("span", { class: "place-level" }, LEVEL_NAMES[row.level]),
      row.generated && el("span", { class: "tag" }, "演示边界（生成）"),
    ),
    el("p", { class: "as-of", id: "as-of" }, asOf(coverage, status)),
    bigNumber(row),
    bar(row, "bar-large"),
    shareList(row),
    ...notes(row, status),
    row.level === "grid" ? gridFacts(row, status) : "",
  );
}

/** @param {Coverage} coverage @param {Status} status */
function asOf(coverage, status) {
  const cycle = coverage.cycle_days === null ? "各网格自身周期" : `统一周期 ${coverage.cycle_days} 天`;
  return `截至 ${day(coverage.on)}${coverage.on === status.today ? "（今天）" : ""} · ${cycle}`;
}

/** @param {Row} row */
function bigNumber(row) {
  const { tracked, declared, never_seen, unassigned } = row.shares;
  const figures = [
    ["从未查看", percent(never_seen.percent, never_seen.area_m2)],
    ["无主地", area(unassigned.area_m2)],
    ["手工申报（另计）", percent(row.declared_percent, declared.area_m2)],
  ];
  return el(
    "div",
    { class: "figures" },
    el(
      "div",
      { class: "figure-main" },
      el("span", { class: "figure-value", id: "covered" }, percent(row.covered_percent, tracked.area_m2)),
      el("span", { class: "figure-label" }, "已查"),
      el("span", { class: "figure-note" }, `占应查面积 ${area(row.domain_m2)}`),
    ),
    el(
      "dl",
      { class: "figure-side" },
      ...figures.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))),
    ),
  );
}

/** @param {Row} row */
function shareList(row) {
  return el(
    "ul",
    { class: "share-list", "aria-label": "七类面积，合计为全部面积" },
    ...SHARES.map((share) => {
      const part = row.shares[share.name];
      return el(
        "li",
        { class: part.area_m2 > 0 ? "" : "none", "data-share": share.name },
        swatch(share.name),
        el("span", { class: "share-label" }, share.label, el("span", { class: "share-hint" }, share.hint)),
        el("span", { class: "share-area" }, area(part.area_m2)),
        el("span", { class: "share-percent" }, percent(part.percent, part.area_m2)),
      );
    }),
  );
}

/** @param {Row} row @param {Status} status */
function notes(row, status) {
  const texts = [];
  if (row.grid_count === 0) texts.push("本单元尚未划分网格，全部面积计为无主地。请先导入网格。");
  if (status.patrols === 0) texts.push("尚无巡查记录：收到第一条轨迹后，这里会显示查看过的范围。");
  const { no_officer, no_cycle, overlap_m2 } = row.defects;
  if (no_officer) texts.push(`${no_officer} 个网格没有网格员。`);
  if (no_cycle) texts.push(`${no_cycle} 个网格未定周期，按最严周期计算。`);
  if (overlap_m2 > 0) texts.push(`网格之间重叠 ${area(overlap_m2)}，责任不清。`);
  return texts.length ? [el("p", { class: "note" }, texts.join(""))] : [];
}

/** @param {Row} row @param {Status} status */
function gridFacts(row, status) {
  const cycle = row.cycle_days === undefined ? "—" : `${row.cycle_days} 天${row.cycle_stated ? "" : "（按风险等级）"}`;
  return el(
    "dl",
    { class: "facts" },
    el("dt", {}, "网格员"),
    el("dd", {}, ...officerText(row.officer ?? null)),
    el("dt", {}, "风险"),
    el("dd", {}, RISK_NAMES[row.risk ?? ""] ?? "未定"),
    el("dt", {}, "周期"),
    el("dd", {}, cycle),
    el("dt", {}, "最近查看"),
    el("dd", {}, row.last_seen ? `${day(row.last_seen)}（${ago(row.last_seen, status.today)}）` : "从未查看"),
  );
}

/**
 * @param {import("../types.js").Officer|null} officer
 * @returns {(Node|string)[]}
 */
export function officerText(officer) {
  if (!officer) return [el("strong", { class: "missing" }, "没有网格员")];
  if (!officer.phone) return [officer.name];
  return [officer.name, " ", el("a", { class: "phone", href: `tel:${officer.phone.replace(/[^\d+]/g, "")}` }, officer.phone)];
}
