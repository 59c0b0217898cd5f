/** The risk that remains in a unit: what it is, how it was estimated, what must be true for it to hold. */

import { getJson } from "../api.js";
import { el } from "../dom.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Risk} Risk */
/** @typedef {import("./types.js").Share} Share */

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showRisk(pane, desk) {
  /** @type {Risk} */
  const risk = await getJson("/api/supervision/risk", { unit: desk.place.unit.code });
  const others = risk.others ? `另有 ${risk.others} 项督导不是随机抽取的现场检查（台账、按规则全部督导的），其中发现漏查 ${risk.other_misses} 项，不计入上限。` : null;
  pane.replaceChildren(
    el("h2", {}, `${risk.unit.name}的剩余风险（${risk.on}）`),
    el("p", { class: "statement" }, risk.statement),
    el("div", { class: "risks" }, unseen(risk), share("随机复查：可能漏查的比例", risk.rechecks, risk.rechecks_why_not, others), share("暗查：可能发现不了的比例", risk.planted, risk.planted_why_not, null)),
  );
}

/** @param {Risk} risk */
function unseen({ unseen_sites: found, unseen_sites_why_not: why }) {
  if (!found) return part("两份名单互相核对：还没人知道的场所", null, why ?? "", []);
  const high = found.unseen_high === null ? "没有上限" : `至多 ${found.unseen_high} 处`;
  const assumptions = el("ul", { class: "assumptions" }, ...found.assumptions.map((text) => el("li", {}, text)));
  const bars = el("dl", { class: "facts" }, ...[["实地走访掌握", found.field], [`名录（${found.register_as_of}）`, found.register_sites], ["两者共有", found.both], ["合计掌握", found.known]].map(([head, value]) => el("div", {}, el("dt", {}, head), el("dd", {}, `${value} 处`))));
  return part("两份名单互相核对：还没人知道的场所", `约 ${found.unseen} 处`, `${found.confidence_percent}% 区间：至少 ${found.unseen_low} 处，${high}。`, [bars, el("p", { class: "hint" }, `方法：${found.method}。以下前提都成立时，估计才成立：`), assumptions]);
}

/** @param {string} title @param {Share|null} found @param {string|null} why @param {string|null} others */
function share(title, found, why, others) {
  const more = others ? [el("p", { class: "hint" }, others)] : [];
  if (!found) return part(title, null, why ?? "", more);
  const counts = `${found.trials} 项中${found.misses ? `有 ${found.misses} 项` : "没有"}漏掉的；单侧 ${found.confidence_percent}% 上限。`;
  return part(title, `不高于 ${found.upper_percent}%`, counts, [...more, el("p", { class: "hint" }, `方法：${found.method}。`)]);
}

/** @param {string} title @param {string|null} figure null: unknown @param {string} words @param {Node[]} more */
function part(title, figure, words, more) {
  return el("section", { class: "risk" }, el("h3", {}, title), el("p", { class: figure ? "figure" : "figure is-unknown" }, figure ?? "未知"), el("p", {}, words), ...more);
}
