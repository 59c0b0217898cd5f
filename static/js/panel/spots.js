/** The ranked list of blind spots, and the card of the one chosen: who is in charge, and where to walk. */

import { officerText } from "./headline.js";
import { dispatchButton } from "../dispatch.js";
import { el } from "../dom.js";
import { ago, area, day, PASSED_LABELS, RISK_NAMES } from "../format.js";

/** @typedef {import("../types.js").Spot} Spot */
/** @typedef {import("../types.js").Spots} Spots */

/** @param {[number, number]} a @param {[number, number]|null} b */
export function samePlace(a, b) {
  return b !== null && Math.abs(a[0] - b[0]) < 1e-6 && Math.abs(a[1] - b[1]) < 1e-6;
}

/**
 * @param {HTMLElement} place
 * @param {Spots} spots
 * @param {[number, number]|null} chosen
 * @param {(spot: Spot) => void} choose
 */
export function showSpotList(place, spots, chosen, choose) {
  if (!spots.features.length) {
    place.replaceChildren(el("p", { class: "empty" }, "没有 100 平方米以上的盲区。"));
    return;
  }
  const shown = spots.truncated ? `，列出前 ${spots.returned} 处` : "";
  place.replaceChildren(
    el("p", { class: "list-head" }, `盲区合计 ${area(spots.total_m2)}${shown}，按面积、风险和多久未查综合排序`),
    el("ol", { class: "spots" }, ...spots.features.map((spot) => item(spot, spots.on, chosen, choose))),
  );
}

/**
 * @param {Spot} spot
 * @param {string} on
 * @param {[number, number]|null} chosen
 * @param {(spot: Spot) => void} choose
 */
function item(spot, on, chosen, choose) {
  const facts = spot.properties;
  const where = [facts.town, facts.village].filter(Boolean).join(" · ");
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "spot",
        "aria-pressed": samePlace(facts.walk_to, chosen) ? "true" : "false",
        "data-walk-to": facts.walk_to.join(","),
        onclick: () => choose(spot),
      },
      el("span", { class: "spot-rank" }, facts.rank),
      el(
        "span",
        { class: "spot-main" },
        el("strong", {}, `${facts.grid_name}`),
        el("span", { class: "spot-where" }, where),
        el("span", { class: "spot-where" }, facts.officer ? `${facts.officer.name} ${facts.officer.phone ?? ""}` : "没有网格员"),
      ),
      el(
        "span",
        { class: "spot-side" },
        el("strong", {}, area(facts.area_m2)),
        el("span", { class: "spot-where" }, facts.last_seen ? ago(facts.last_seen, on) : "从未查看"),
      ),
    ),
  );
}

/**
 * @param {Spot|null} spot null: it is no longer a blind spot
 * @param {string} on
 * @returns {Node[]}
 */
export function spotCard(spot, on) {
  if (!spot) {
    return [el("h2", {}, "盲区"), el("p", {}, "这处盲区在所选日期和周期下已不存在，或已被查看。")];
  }
  const facts = spot.properties;
  const seen = facts.last_seen ? `${day(facts.last_seen)}（${ago(facts.last_seen, on)}）` : "从未查看";
  return [
    el("h2", {}, `盲区 ${area(facts.area_m2)}`),
    el("p", { class: "card-where" }, [facts.town, facts.village, facts.grid_name].filter(Boolean).join(" › ")),
    el(
      "dl",
      { class: "facts" },
      el("dt", {}, "网格员"),
      el("dd", { id: "spot-officer" }, ...officerText(facts.officer)),
      el("dt", {}, "最近查看"),
      el("dd", {}, seen),
      el("dt", {}, "从未查看"),
      el("dd", {}, area(facts.never_seen_m2)),
      ...passedText(facts.passed_m2),
      el("dt", {}, "风险 / 周期"),
      el("dd", {}, `${RISK_NAMES[facts.risk ?? ""] ?? "未定"} / ${facts.cycle_days} 天`),
      el("dt", {}, "前往点"),
      el("dd", { class: "numeric" }, place(facts.walk_to), el("span", { class: "figure-note" }, " WGS-84")),
      el("dt", {}, "手机地图用"),
      el("dd", { class: "numeric" }, place(facts.walk_to_gcj02), el("span", { class: "figure-note" }, " GCJ-02")),
    ),
    dispatchButton(() => ({ subject_kind: "ground", area: spot.geometry })),
  ];
}

/** Why those who passed did not look; nothing when nobody passed. @param {import("../types.js").SpotProperties["passed_m2"]} passed */
function passedText(passed) {
  const parts = Object.entries(passed).map(([reason, ground]) => `${PASSED_LABELS[reason]} ${area(ground)}`);
  return parts.length ? [el("dt", {}, "经过未计入"), el("dd", { id: "spot-passed" }, parts.join("，"))] : [];
}

/** @param {[number, number]} lonLat @returns {string} */
function place([lon, lat]) {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
}
