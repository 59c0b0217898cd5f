/** There is nothing to show: say why, and what to do. */

import { el } from "../dom.js";

/** @param {HTMLElement} place @param {import("../types.js").Status} status */
export function showEmpty(place, status) {
  if (status.is_everything) return showNothingImported(place);
  place.replaceChildren(
    el("h1", { id: "place-name" }, "您的管辖范围内暂无网格"),
    el("p", {}, "您的账号目前没有可以查看的单位或网格。"),
    el("p", {}, "网格员：请核对网格划分文件中是否已将网格落实到您本人。其他人员：请联系系统管理员分配管辖范围。"),
  );
}

/** @param {HTMLElement} place */
function showNothingImported(place) {
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
