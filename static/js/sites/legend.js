/** What the map's signs mean, and the switches of what else may be drawn. */

import { byId, el } from "../dom.js";
import { CASE_LOOKS, caseMark } from "../map/caselooks.js";
import { SITE_STATES, stateMark, stateWord } from "../sitestates.js";

/** @typedef {import("./state.js").PageState} PageState */

/** @param {PageState} state @param {import("../types.js").Person} person @param {(change: Partial<PageState>) => void} change */
export function showLegend(state, person, change) {
  const phone = matchMedia("(max-width: 900px)").matches;
  const heat = switched("heat", "风险热力", state.heat, (on) => change({ heat: on }), el("li", {}, el("span", { class: "heat-bar", "aria-hidden": "true" }), "低 → 高（按风险等级和未检查情况）"));
  const cases = person.rights.includes("cases.read") ? switched("cases", "案件", state.cases, (on) => change({ cases: on }), ...Object.entries(CASE_LOOKS).map(([state, [word]]) => el("li", {}, caseMark(state), word))) : null;
  byId("legend").replaceChildren(
    el("summary", {}, "图例"),
    el("ul", { class: "keys" }, ...SITE_STATES.map((code) => el("li", {}, stateMark(code), stateWord(code))), el("li", { class: "under" }, "圆圈：场所数，角标为其中最紧急的状态")),
    heat,
    cases ?? "",
  );
  byId("legend").toggleAttribute("open", !phone);
}

/** @param {string} name @param {string} label @param {boolean} on @param {(on: boolean) => void} turn @param {...HTMLElement} keys shown while it is on */
function switched(name, label, on, turn, ...keys) {
  const list = el("ul", { class: "keys", hidden: !on }, ...keys);
  const box = el("input", { type: "checkbox", id: `show-${name}`, checked: on, onchange: () => ((list.hidden = !box.checked), turn(box.checked)) });
  return el("div", {}, el("label", { class: "check" }, box, label), list);
}
