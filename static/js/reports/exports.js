/** The pane of exports: every list as a file, for the unit chosen. */

import { address } from "../api.js";
import { el } from "../dom.js";

/** @typedef {import("./types.js").Desk} Desk */

/** @type {[name: string, text: string, hint: string][]} */
const LISTS = [
  ["sites", "场所", "含检查状态、出租方和电话"],
  ["tenancies", "租户", "含上一级转租方、租期、化学品"],
  ["visits", "检查走访", "含未能进入和已作废的，各有标明"],
  ["baseline-rows", "底单明细", "各部门名单逐行的匹配结果"],
  ["leads", "线索", "不含举报人"],
  ["cases", "案件", "含整治、处罚和督办情况"],
];
/** @type {[kind: string, text: string, title: string][]} */
const KINDS = [
  ["xlsx", "Excel", "Excel 工作簿"],
  ["csv", "CSV", "逗号分隔文本，UTF-8"],
  ["geojson", "GeoJSON", "地图数据，WGS-84"],
  ["gpkg", "GeoPackage", "地图数据，WGS-84，可用 QGIS 打开"],
];

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showExports(pane, desk) {
  const { unit } = desk.place;
  const links = (/** @type {string} */ name, /** @type {string} */ text) =>
    KINDS.map(([kind, word, title]) => el("a", { class: "quiet as-button", href: address(`/api/exports/${name}.${kind}`, { unit: unit.code }), download: "", title, "aria-label": `${text}，${title}` }, word));
  pane.replaceChildren(
    el("p", { class: "hint" }, `导出${unit.name}及下级的全部记录，每次最多 50,000 条。清单含姓名和电话，每次导出都记入操作记录，请妥善保管。`),
    el("ul", { class: "lists" }, ...LISTS.map(([name, text, hint]) => el("li", { "data-list": name }, el("div", {}, el("strong", {}, text), el("small", {}, hint)), el("div", { class: "row-actions" }, ...links(name, text))))),
  );
}
