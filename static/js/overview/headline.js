/** The unit in one number, its seven shares, and who is out today. */

import { address } from "../api.js";
import { el } from "../dom.js";
import { area, percent } from "../format.js";
import { bar, swatch } from "../panel/bar.js";
import { SHARES } from "../shares.js";

/** @typedef {import("./types.js").Overview} Overview */

/** @param {HTMLElement} place @param {Overview} overview */
export function showHeadline(place, overview) {
  const { unit, today } = overview;
  const map = address("/", { unit: unit.code });
  place.replaceChildren(
    el(
      "div",
      { class: "covered" },
      el("h1", { id: "title" }, unit.name),
      el("a", { class: "covered-value", id: "covered", href: map }, percent(unit.covered_percent, unit.shares.tracked.area_m2)),
      el("span", { class: "covered-word" }, "已查", el("small", {}, `应查 ${area(unit.domain_m2)}`)),
    ),
    el("div", { class: "seven" }, el("a", { href: map, "aria-label": `在地图上看${unit.name}的七类面积` }, bar(unit, "bar-large")), legend(unit, map)),
    today ? day(today) : "",
  );
}

/** Only what there is: a share of nothing says nothing. @param {import("../types.js").Row} unit @param {string} map */
function legend(unit, map) {
  const parts = SHARES.filter((share) => unit.shares[share.name].area_m2 > 0);
  return el(
    "ul",
    { class: "legend" },
    ...parts.map(({ name, label }) => {
      const { percent: part, area_m2 } = unit.shares[name];
      return el("li", { "data-share": name }, el("a", { href: map }, swatch(name), label, el("b", {}, percent(part, area_m2))));
    }),
  );
}

/** @param {import("../today/types.js").DayRow} today */
function day(today) {
  const href = address("/today", { unit: today.code });
  /** @type {[string, number, boolean][]} */
  const figures = [
    ["正在巡查", today.out, false],
    ["今日已巡", today.patrolled, false],
    ["未开始", today.not_started, today.not_started > 0],
    ["缺网格员", today.without_officer, today.without_officer > 0],
  ];
  return el(
    "dl",
    { class: "day" },
    ...figures.map(([word, count, wanting]) => el("div", { class: wanting ? "wanting" : null }, el("dt", {}, word), el("dd", {}, el("a", { href }, count)))),
  );
}
