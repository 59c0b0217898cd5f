/** The answer to "who looked here last?" for one place. */

import { officerText } from "./headline.js";
import { el } from "../dom.js";
import { ago, day, instant, MODE_NAMES, PASSED_LABELS } from "../format.js";
import { SHARE_LABELS } from "../shares.js";

/** @typedef {import("../types.js").Look} Look */

/**
 * @param {import("../types.js").LookedAt} answer
 * @param {string} today
 * @param {(step: import("../types.js").Step) => void} go
 * @param {boolean} mayJudge
 * @returns {Node[]}
 */
export function lookedCard(answer, today, go, mayJudge) {
  const { last, grid } = answer;
  const place = answer.path.filter((step) => step.level !== "city" && step.level !== "province" && step.level !== "grid");
  return [
    el("h2", {}, "谁最后来过"),
    el("p", { class: "card-where" }, place.map((step) => step.name).join(" › ") || (grid ? grid.name : "不在任何单元内")),
    last
      ? el(
          "div",
          { class: "last-look" },
          el("strong", { id: "last-officer" }, nameOf(last)),
          el("span", {}, ` ${wayOf(last)}`),
          el("span", { class: "last-when" }, `${last.at ? instant(last.at) : day(last.day)}，${ago(last.day, today)}`),
          mayJudge && last.evidence_id ? el("a", { href: `/review?id=${last.evidence_id}` }, "审核这条记录") : "",
        )
      : el("p", { class: "last-look never", id: "last-officer" }, answer.passed ? "有人经过，但没有任何查看记录。" : "没有人来过：没有任何查看记录。"),
    el(
      "dl",
      { class: "facts" },
      el("dt", {}, "目前状态"),
      el("dd", {}, answer.share ? SHARE_LABELS[answer.share] : "—"),
      ...(answer.passed ? passedText(answer.passed, today) : []),
      el("dt", {}, "所属网格"),
      el("dd", {}, grid ? gridLink(grid, go) : el("strong", { class: "missing" }, "无主地")),
      el("dt", {}, "网格员"),
      el("dd", {}, ...(grid ? officerText(answer.officer) : ["—"])),
      el("dt", {}, "位置"),
      el("dd", { class: "numeric" }, `${answer.lon.toFixed(5)}, ${answer.lat.toFixed(5)}`),
    ),
    answer.total > 0 ? history(answer, today) : "",
  ].map((node) => (node instanceof Node ? node : document.createTextNode(node)));
}

/**
 * Why a place is not covered although somebody passed.
 * @param {{reason: "too_fast"|"weak"|"gap", day: string}} passed
 * @param {string} today
 */
function passedText(passed, today) {
  const when = `${day(passed.day)}，${ago(passed.day, today)}`;
  return [
    el("dt", {}, "经过未计入"),
    el("dd", { id: "passed-by" }, `${PASSED_LABELS[passed.reason]}（最近 ${when}）`),
  ];
}

/** @param {{code: string, name: string}} grid @param {(step: import("../types.js").Step) => void} go */
function gridLink(grid, go) {
  const open = () => go({ ...grid, level: "grid" });
  return el("button", { type: "button", class: "link", onclick: open }, grid.name);
}

/** @param {import("../types.js").LookedAt} answer @param {string} today */
function history(answer, today) {
  const more = answer.total > answer.looks.length ? `（列出最近 ${answer.looks.length} 次）` : "";
  return el(
    "details",
    { class: "history", open: answer.total <= 3 },
    el("summary", {}, `全部 ${answer.total} 次查看${more}`),
    el("ol", {}, ...answer.looks.map((look) => lookItem(look, today))),
  );
}

/** Whose look it was, as far as the reader may know. @param {Look} look */
function nameOf(look) {
  return look.officer_name ?? look.officer_code ?? "其他人员";
}

/** How they looked. @param {Look} look */
function wayOf(look) {
  if (look.kind === "declared") return "手工申报";
  return look.mode === null ? "" : (MODE_NAMES[look.mode] ?? look.mode);
}

/** @param {Look} look @param {string} today */
function lookItem(look, today) {
  const near = look.distance_m === null || look.distance_m === undefined ? "" : `，相距 ${Math.round(look.distance_m)} 米`;
  return el(
    "li",
    {},
    el("span", {}, `${look.at ? instant(look.at) : day(look.day)}（${ago(look.day, today)}）`),
    el("span", {}, [nameOf(look), wayOf(look)].filter(Boolean).join(" · ") + near),
    look.label && el("span", { class: "tag" }, look.label),
  );
}
