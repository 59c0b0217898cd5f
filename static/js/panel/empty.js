/** Nothing has been imported yet: say what to do. */

import { el } from "../dom.js";

/** @param {HTMLElement} place */
export function showEmpty(place) {
  place.replaceChildren(
    el("h1", { id: "place-name" }, "尚无区划数据"),
    el("p", {}, "系统已就绪，但还没有导入任何行政区划和网格，因此没有可以显示的覆盖情况。"),
    el("h2", {}, "下一步（由管理员完成）"),
    el(
      "ol",
      { class: "steps" },
      el("li", {}, "导入行政区划：从省、市到村的边界和代码。"),
      el("li", {}, "导入网格：代码、名称、所属村、网格员、风险等级或周期。"),
      el("li", {}, "导入已批准的扣除区域，例如水面。"),
    ),
    el("p", {}, "支持 GeoJSON、Shapefile（zip）、GeoPackage 和 KML。命令为 ", el("code", {}, "wuyilou territory import units 文件 --datum CGCS2000"), "，说明见 ", el("code", {}, "wuyilou territory import --help"), "。导入后本页会自动显示。"),
  );
}
