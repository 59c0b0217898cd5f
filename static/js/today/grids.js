/** Grids with ground that falls, or has fallen, out of its cycle. */

import { el } from "../dom.js";
import { area, percent } from "../format.js";
import { Choice, phoneLink } from "./choice.js";

/** @typedef {import("./types.js").GridDay} GridDay */

export class Grids {
  /** @param {HTMLElement} buttons @param {HTMLElement} list */
  constructor(buttons, list) {
    this.buttons = buttons;
    this.list = list;
    /** @type {Choice<"falling"|"overdue", GridDay>|null} */
    this.choice = null;
  }

  /** @param {import("./types.js").Today} day @param {boolean} isNew */
  show(day, isNew) {
    this.choice ??= new Choice(
      this.buttons,
      this.list,
      {
        falling: { word: `${day.horizon_days} 日内到期`, none: `${day.horizon_days} 日内没有网格超出周期。` },
        overdue: { word: "已超期", none: "没有超出周期的网格。" },
      },
      entry,
    );
    const { unit } = day;
    this.choice.show(
      { falling: { items: day.falling, total: unit.falling_grids }, overdue: { items: day.overdue, total: unit.overdue_grids } },
      isNew,
    );
  }
}

/** @param {GridDay} grid */
function entry(grid) {
  const where = [grid.town, grid.unit].filter(Boolean).join(" ");
  return el(
    "li",
    { class: "entry", "data-grid": grid.code },
    el(
      "div",
      {},
      el("strong", {}, el("a", { class: "link", href: `/?grid=${encodeURIComponent(grid.code)}` }, grid.name)),
      `${area(grid.area_m2)}，占应查 ${percent(grid.percent, grid.area_m2)}`,
      el("br"),
      el("small", {}, `${where}　周期 ${grid.cycle_days} 天　${grid.officer ?? "无网格员"}`),
    ),
    el("div", { class: "entry-side" }, grid.officer ? phoneLink(grid.phone) : ""),
  );
}
