/** What an officer has sent: counts, and the newest of each kind; all of it is in the download. */

import { el } from "../dom.js";
import { area, instant, MODE_NAMES } from "../format.js";
import { table } from "../office.js";

/** @typedef {import("./types.js").Kept} Kept */

const NEWEST = 20;
/** @type {Record<string, string>} */
const REVIEWS = { none: "—", open: "待审核", asked: "已退回，请答复", accepted: "已接受", voided: "已作废" };
/** @type {Record<string, string>} */
const KINDS = { declared: "标记已查看", inaccessible: "申请无法进入" };
/** @type {Record<string, string>} */
const RESULTS = { nothing_found: "未发现问题", problem_found: "发现问题", not_entered: "未能进入" };

/** @param {Kept} kept @returns {HTMLElement[]} */
export function records(kept) {
  const patrols = (kept.patrols ?? []).map((patrol) => [
    instant(patrol.started_at), MODE_NAMES[patrol.mode] ?? patrol.mode,
    patrol.is_purged ? "原始定位点已到期删除" : `${patrol.raw_fixes} 个定位点`, REVIEWS[patrol.review] ?? patrol.review,
  ]);
  const marks = (kept.marks ?? []).map((mark) => [
    instant(mark.made_at), KINDS[mark.kind] ?? mark.kind, area(mark.area_m2), REVIEWS[mark.review] ?? mark.review,
  ]);
  const visits = (kept.visits ?? []).map((visit) => [
    instant(visit.visited_at), visit.site, RESULTS[visit.result] ?? visit.result, REVIEWS[visit.review] ?? visit.review,
  ]);
  const leads = (kept.leads ?? []).map((lead) => [instant(lead.made_at), lead.note ?? "—"]);
  const photos = (kept.photos ?? []).map((photo) => [
    photo.taken_at ? instant(photo.taken_at) : "—", `${photo.width}×${photo.height}`,
    el("a", { href: `/api/photos/${photo.id}`, target: "_blank", rel: "noopener" }, "查看"),
  ]);
  return [
    listed("我的巡查", ["开始时间", "方式", "保留内容", "审核"], patrols),
    listed("我的标记", ["时间", "类型", "面积", "审核"], marks),
    listed("我的检查", ["时间", "场所", "结果", "审核"], visits),
    listed("我的上报", ["时间", "说明"], leads),
    listed("我的照片", ["拍摄时间", "尺寸", "原图"], photos),
  ];
}

/** @param {string} title @param {string[]} heads @param {import("../dom.js").Child[][]} rows */
function listed(title, heads, rows) {
  const more = rows.length > NEWEST ? el("p", { class: "hint" }, `只列出最近 ${NEWEST} 条，全部 ${rows.length} 条见下载的数据。`) : null;
  return el("section", { class: "office-part" }, el("h2", {}, `${title}（${rows.length}）`), table(title, heads, rows.slice(0, NEWEST), "没有。"), more);
}
