/** The day in six figures. */

import { el } from "../dom.js";
import { area, percent } from "../format.js";

/**
 * @param {HTMLElement} list
 * @param {import("./types.js").Today} day
 */
export function showFigures(list, day) {
  const { unit } = day;
  const bare = unit.without_officer ? `另有 ${unit.without_officer} 个网格无网格员` : `共 ${unit.grid_count} 个网格`;
  list.replaceChildren(
    figure("officers", "网格员", `${unit.officers}`, bare, false),
    figure("out", "正在巡查", `${unit.out}`, unit.waiting ? `另有 ${unit.waiting} 人已出发，尚未上传` : "", false),
    figure("patrolled", "今日已巡", `${unit.patrolled}`, "", false),
    figure("not-started", "未开始", `${unit.not_started}`, "", unit.not_started > 0),
    figure(
      "falling",
      `${day.horizon_days} 日内到期`,
      `${unit.falling_grids} 个网格`,
      `${area(unit.falling_m2)}，占应查 ${percent(unit.falling_percent, unit.falling_m2)}`,
      false,
    ),
    figure(
      "overdue",
      "已超期",
      `${unit.overdue_grids} 个网格`,
      `${area(unit.overdue_m2)}，占应查 ${percent(unit.overdue_percent, unit.overdue_m2)}；从未查看 ${area(unit.never_seen_m2)}`,
      unit.overdue_grids > 0,
    ),
  );
}

/** @param {string} name @param {string} word @param {string} value @param {string} more @param {boolean} wanting */
function figure(name, word, value, more, wanting) {
  return el("div", { class: wanting ? "wanting" : null, "data-figure": name }, el("dt", {}, word), el("dd", {}, value), el("small", {}, more));
}
