/** The units below with what they left out and whether they have signed; the policy that holds; the risk that remains. */

import { byId, el } from "../dom.js";
import { day, whole } from "../format.js";
import { table } from "../office.js";
import { limitText } from "./kinds.js";

/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").Signing} Signing */
/** @typedef {import("./types.js").Attestation} Attestation */
/** @typedef {(code: string) => void} Go */

/** @param {Told} told @param {Go} go */
export function showAbove(told, go) {
  byId("above").replaceChildren(...told.above.flatMap((unit) => [unitLink(unit, go), el("span", { "aria-hidden": "true" }, "›")]), el("strong", {}, told.unit.name));
}

/** @param {Told} told @param {Signing} signing @param {Go} go @param {(attestation: Attestation) => void} sendBack */
export function showBelow(told, signing, go, sendBack) {
  const section = byId("below");
  section.hidden = !told.children.length;
  if (section.hidden) return;
  const signed = new Map(signing.below.map((each) => [each.unit.code, each]));
  const rows = told.children.map(({ unit, number }) => {
    const attestation = signed.get(unit.code) ?? null;
    const may = signing.sign_as !== null && attestation?.state === "valid";
    return [
      unitLink(unit, go),
      number ? `${whole(number)} 项` : "无",
      attestation ? el("a", { href: `/certificate?id=${attestation.id}`, class: `sign-state ${attestation.state}` }, attestation.state === "valid" ? `${attestation.signed_by} 已签` : attestation.state_text) : "未签字",
      may && attestation ? el("button", { type: "button", class: "quiet", onclick: () => sendBack(attestation) }, "退回") : "",
    ];
  });
  section.replaceChildren(
    el("h2", {}, "下级"),
    table("下级的遗漏和签字", ["单位", "遗漏", "签字", ""], rows, ""),
    told.outside_children ? el("p", { class: "hint" }, `另有 ${told.outside_children} 项不属于任何一个下级。`) : el("span"),
  );
}

/** @param {Told} told @param {boolean} maySet @param {() => void} set */
export function showPolicy(told, maySet, set) {
  const { policy } = told;
  const names = new Map(told.counts.map((count) => [count.kind, count.text]));
  const limits = Object.entries(policy.thresholds).map(([kind, limit]) => el("li", {}, `${names.get(kind) ?? kind}：${limitText(limit) || "不允许"}`));
  byId("policy").replaceChildren(
    el("summary", {}, policy.version ? `签字标准：${policy.unit?.name ?? ""}第 ${policy.version} 版` : "签字标准：从严（各类均须为零）"),
    el("p", {}, policy.words),
    limits.length ? el("ul", {}, ...limits) : el("p", {}, "各类遗漏均须为零。"),
    policy.valid_from ? el("p", { class: "hint" }, `自 ${day(policy.valid_from)} 起，由 ${policy.set_by} 规定。`) : el("span"),
    maySet ? el("button", { type: "button", class: "quiet tall", onclick: set }, "规定新标准") : el("span"),
  );
}

/** @param {Told} told */
export function showRisk(told) {
  const risk = told.residual_risk;
  byId("risk").hidden = !risk;
  if (!risk) return;
  const assumptions = risk.unseen_sites?.assumptions ?? [];
  byId("risk").replaceChildren(
    el("summary", {}, "剩余风险：可能还有多少没查到"),
    el("p", {}, risk.statement),
    risk.unseen_sites_why_not ? el("p", { class: "hint" }, risk.unseen_sites_why_not) : el("span"),
    assumptions.length ? el("ul", { class: "hint" }, ...assumptions.map((each) => el("li", {}, each))) : el("span"),
  );
}

/** @param {{code: string, name: string}} unit @param {Go} go */
function unitLink(unit, go) {
  /** @param {MouseEvent} event */
  const follow = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(unit.code);
  };
  return el("a", { href: `/determination?unit=${unit.code}`, class: "unit-link", onclick: follow }, unit.name);
}
