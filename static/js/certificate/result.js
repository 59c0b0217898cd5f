/** What a check found, in words. */

import { el } from "../dom.js";
import { day, instant } from "../format.js";

/** @typedef {import("./types.js").Known} Known */
/** @typedef {import("./types.js").Checked} Checked */
/** @typedef {"good"|"over"|"bad"} Verdict */

/**
 * A certificate known by its id; `digest`: of the paper at hand, from its QR code; `may_save`: whether it is handed out.
 * @param {HTMLElement} holder @param {Known} known @param {string|null} digest @param {boolean} may_save
 */
export function showKnown(holder, known, digest, may_save) {
  const differs = digest !== null && digest.toLowerCase() !== known.entry_digest;
  if (known.problems.length || differs) {
    const problems = differs ? ["手中认定书的摘要与系统记录不同，纸面可能被改动或系伪造。", ...known.problems] : known.problems;
    return show(holder, "bad", "不成立", "这份认定书与系统记录不符。", [], problems);
  }
  const stands = known.state === "valid";
  show(
    holder,
    stands ? "good" : "over",
    stands ? "成立，现行有效" : `成立，但${known.state_text}`,
    stands ? "由本系统签发，签发后未被改动。请与纸面逐项核对。" : "签署当时成立；此后内容有变动或被上级退回，不再有效。",
    [
      ["单位", known.unit_name],
      ["期间", `${day(known.first_day)} 至 ${day(known.last_day)}`],
      ["签署人", known.signed_by],
      ["签署时间", instant(known.signed_at)],
      ...(known.ended_at ? [/** @type {[string, string]} */ ([known.state_text, instant(known.ended_at)])] : []),
      ["链上序号", String(known.seq)],
      ["条目摘要", known.entry_digest],
      ["签署密钥", known.key_id],
    ],
    [],
  );
  if (may_save) holder.append(saving(known.id));
}

/** Where the paper and its proof can be had. @param {string} id */
function saving(id) {
  const link = (/** @type {string} */ ending, /** @type {string} */ text) => el("a", { class: "button", href: `/api/certificates/${id}.${ending}`, download: true }, text);
  return el("p", { class: "saving" }, link("pdf", "下载认定书（PDF）"), link("json", "下载凭证数据（JSON）"));
}

/**
 * A certificate checked by its file; `now`: what is known of it here, null when it is not one of this system's.
 * @param {HTMLElement} holder @param {Checked} checked @param {Known|null} now
 */
export function showChecked(holder, checked, now) {
  /** @type {[string, string][]} */
  const facts = [...checked.facts.map(({ name, value }) => /** @type {[string, string]} */ ([name, value])), ["条目摘要", checked.entry_digest]];
  if (!checked.holds) return show(holder, "bad", "不成立", "文件内容在签署后被改动。", [["编号", checked.id]], checked.problems);
  if (!checked.is_trusted) {
    const words = `签名完整，但签署密钥 ${checked.key_ids.join("、")} 不是本系统的密钥，不能认定由本系统签发。`;
    return show(holder, "bad", "来源不明", words, facts, []);
  }
  if (!now || now.entry_digest !== checked.entry_digest) {
    return show(holder, "over", "文件成立，系统中没有对应记录", "文件由本系统密钥签发且未被改动，但数据库中没有这份签字。请联系系统管理员核查。", facts, []);
  }
  const stands = now.state === "valid";
  const title = stands ? "成立，现行有效" : `成立，但${now.state_text}`;
  show(holder, stands ? "good" : "over", title, "文件由本系统签发，签发后未被改动。请与纸面逐项核对。", facts, []);
}

/**
 * @param {HTMLElement} holder
 * @param {Verdict} verdict
 * @param {string} title
 * @param {string} words
 * @param {[string, string][]} facts
 * @param {string[]} problems
 */
function show(holder, verdict, title, words, facts, problems) {
  holder.dataset.verdict = verdict;
  holder.replaceChildren(
    el("h2", {}, title),
    el("p", {}, words),
    problems.length ? el("ul", { class: "problems" }, ...problems.map((each) => el("li", {}, each))) : "",
    el("dl", {}, ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
  );
  holder.hidden = false;
  holder.focus({ preventScroll: true });
  holder.scrollIntoView({ block: "nearest" });
}
