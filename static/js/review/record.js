/** One record in words: who and when, findings, facts, history, and what may be decided. */

import { byId, el } from "../dom.js";
import { area, day, instant } from "../format.js";
import { deedsOf, EXCLUSIONS, RECORDS, REVIEWS, STEPS } from "./words.js";

/** @typedef {import("./types.js").Detail} Detail */
/** @typedef {import("./types.js").Decision} Decision */

/**
 * @param {Detail} detail
 * @param {{back: () => void, open: (id: string) => void, decide: (decision: Decision) => void}} on
 */
export function showRecord(detail, on) {
  const { item } = detail;
  const minutes = Math.round((Date.parse(item.ended_at) - Date.parse(item.started_at)) / 60_000);
  byId("head").replaceChildren(
    backButton(on.back),
    el("h2", {}, `${item.officer_name} · ${RECORDS[item.kind]}`),
    el("p", { class: "under" }, `${instant(item.started_at)}${minutes ? `，历时 ${minutes} 分钟` : ""}　${item.unit_name || "辖区外"}`),
    el("span", { class: `tag review-${item.review}` }, REVIEWS[item.review]),
  );
  showFindings(detail, on.open);
  showFacts([["网格员", `${item.officer_name}（${item.officer_code}）`], ...detail.facts.map((fact) => /** @type {[string, string]} */ ([fact.name, fact.text]))]);
  showHistory(detail.steps);
  showDecisions(detail, on.decide);
}

/** @param {() => void} back */
function backButton(back) {
  return el("button", { type: "button", id: "back", class: "quiet", onclick: back }, "返回列表");
}

/** @param {Detail} detail @param {(id: string) => void} open */
function showFindings({ item, other }, open) {
  const known = new Map(other.map((each) => [each.id, each]));
  /** @param {string|null} id */
  const to = (id) => {
    const found = id ? known.get(id) : null;
    if (!found) return null;
    if (!found.in_scope || !found.item) return el("span", { class: "under" }, "该记录不在您的管辖范围内");
    const text = `查看${found.item.officer_name} ${instant(found.item.started_at)} 的记录`;
    return el("button", { type: "button", class: "link other-link", onclick: () => open(found.id) }, text);
  };
  // A finding may be written to the other record alone, when this one is the older.
  const named = new Set(item.findings.map((finding) => finding.other_id));
  const unnamed = other.filter((each) => !named.has(each.id));
  byId("findings").replaceChildren(
    el("h3", {}, item.findings.length ? `疑点（${item.findings.length}）` : "疑点"),
    item.findings.length ? el("ul", {}, ...item.findings.map((finding) => el("li", {}, el("span", {}, finding.text), to(finding.other_id)))) : el("p", { class: "under" }, item.kind === "inaccessible" ? "没有疑点，等待审批。" : "没有疑点。"),
    ...unnamed.map((each) => el("p", {}, "另一条记录与本条相似　", to(each.id))),
  );
}

/** @param {[string, string][]} facts */
function showFacts(facts) {
  byId("facts").replaceChildren(el("h3", {}, "记录"), el("dl", {}, ...facts.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])));
}

/** @param {import("./types.js").Step[]} steps */
function showHistory(steps) {
  byId("history").replaceChildren(
    el("h3", {}, "处理经过"),
    steps.length
      ? el("ol", {}, ...steps.map((step) => el("li", {}, el("b", {}, STEPS[step.step]), ` ${step.by_name}，${instant(step.at)}`, step.words ? el("p", {}, step.words) : null)))
      : el("p", { class: "under" }, "尚无处理记录。"),
  );
}

/** @param {Detail} detail @param {(decision: Decision) => void} decide */
function showDecisions({ item }, decide) {
  const deeds = deedsOf(item.kind);
  /** @type {Record<Decision, boolean>} */
  const possible = {
    accept: item.may_decide && ["open", "asked"].includes(item.review),
    ask: item.may_ask && item.review === "open",
    void: item.may_decide && item.review !== "voided",
  };
  const why = item.why_not ?? (item.review === "voided" ? "这条记录已作废，不能再改。" : null);
  byId("decide").replaceChildren(
    el("p", { id: "why-not", hidden: !why }, why),
    ...["accept", "ask", "void"].map((name) => {
      const decision = /** @type {Decision} */ (name);
      const attributes = { type: "button", class: `decision decision-${decision}`, disabled: !possible[decision], "aria-describedby": why ? "why-not" : null, onclick: () => decide(decision) };
      return el("button", attributes, deeds[decision].button);
    }),
  );
}

/**
 * @param {import("./types.js").Exclusion} asked
 * @param {{back: () => void, decide: (decision: Decision) => void}} on
 */
export function showRequest(asked, on) {
  byId("head").replaceChildren(
    backButton(on.back),
    el("h2", {}, `${asked.name ?? asked.code} · 扣除申请`),
    el("p", { class: "under" }, `${day(asked.since)} 提出　${asked.unit_name || "辖区外"}`),
    el("span", { class: "tag review-open" }, "待审批"),
  );
  byId("findings").replaceChildren(el("h3", {}, "理由"), el("p", {}, asked.reason));
  showFacts([
    ["编码", asked.code],
    ["类别", EXCLUSIONS[asked.kind] ?? asked.kind],
    ["作用", asked.effect === "excluded" ? "不纳入应查面积" : "按“无法进入”计"],
    ["面积", area(asked.area_m2)],
    ["提出", asked.requested_by],
  ]);
  byId("history").replaceChildren();
  byId("photos").replaceChildren();
  const deeds = deedsOf("inaccessible");
  byId("decide").replaceChildren(
    el("p", { id: "why-not", hidden: !asked.why_not }, asked.why_not),
    ...["accept", "void"].map((name) => {
      const decision = /** @type {Decision} */ (name);
      return el("button", { type: "button", class: `decision decision-${decision}`, disabled: !asked.may_decide, "aria-describedby": asked.why_not ? "why-not" : null, onclick: () => on.decide(decision) }, deeds[decision].button);
    }),
  );
}
