/** The faults of the partition: land that nobody answers for, land that two answer for. */

import { el } from "../dom.js";
import { area, DEFECT_NAMES } from "../format.js";

/**
 * @param {HTMLElement} place
 * @param {import("../types.js").Defects} defects
 * @param {(defect: import("../types.js").Defect) => void} choose
 */
export function showDefects(place, defects, choose) {
  if (!defects.features.length) {
    place.replaceChildren(el("p", { class: "empty" }, "网格划分没有发现问题。"));
    return;
  }
  const counts = Object.entries(defects.counts)
    .filter(([, of]) => of.count > 0)
    .map(([kind, of]) => `${DEFECT_NAMES[kind] ?? kind} ${of.count} 处`);
  const first = defects.features.slice(0, 200); // land without an owner first, the largest of each kind before the rest
  place.replaceChildren(
    el("p", { class: "list-head" }, counts.join("，")),
    el("ol", { class: "spots" }, ...first.map((defect) => item(defect, choose))),
  );
}

/**
 * @param {import("../types.js").Defect} defect
 * @param {(defect: import("../types.js").Defect) => void} choose
 */
function item(defect, choose) {
  const facts = defect.properties;
  const hasPlace = ["nobodys_land", "overlap", "outside"].includes(facts.kind);
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "spot", onclick: () => choose(defect) },
      el(
        "span",
        { class: "spot-main" },
        el("strong", {}, (DEFECT_NAMES[facts.kind] ?? facts.kind) + (facts.is_sliver ? "（狭缝）" : "")),
        el("span", { class: "spot-where" }, [facts.unit_name, facts.part_codes.join("、")].filter(Boolean).join(" · ")),
      ),
      el(
        "span",
        { class: "spot-side" },
        hasPlace && el("strong", {}, area(facts.area_m2)),
        facts.width_m !== null && hasPlace && el("span", { class: "spot-where" }, `宽约 ${facts.width_m.toFixed(1)} 米`),
      ),
    ),
  );
}
