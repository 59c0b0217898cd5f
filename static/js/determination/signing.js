/** Signing: who may, what stands, signing with one's password again, delegating, sending back. */

import { getJson } from "../api.js";
import { byId, el } from "../dom.js";
import { day, instant } from "../format.js";
import { ask, button, field, select, textOf } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").Signing} Signing */
/** @typedef {import("./types.js").Attestation} Attestation */
/** @typedef {{username: string, name: string, role_name: string}} Candidate */
/** @typedef {{id: string, from_name: string, to_name: string, first_day: string, last_day: string, holds: boolean, may_end: boolean}} Delegation */
/** @typedef {{may_delegate: boolean, candidates: Candidate[], items: Delegation[]}} Delegations */
/** @typedef {() => Promise<void>} Done */

const AS = /** @type {Record<string, string>} */ ({ head: "负责人", delegate: "受委托人" });

/** @param {Told} told @param {Signing} signing @param {Delegations} delegations @param {Done} done */
export function showSigning(told, signing, delegations, done) {
  const stands = signing.attestation?.state === "valid";
  const deeds = [];
  if (signing.may_sign && !stands && !told.blocks) deeds.push(button("签字", () => sign(told, signing, done), "button"));
  if (delegations.may_delegate) deeds.push(button("委托他人签字", () => delegate(told, delegations, done), "quiet tall"));
  byId("signing").replaceChildren(
    el("h2", {}, "签字"),
    attested(signing.attestation),
    el("p", { class: "hint" }, signing.heads.length ? `负责人：${signing.heads.join("、")}` : "本单位尚未设负责人账号，请联系系统管理员。"),
    ...delegations.items.filter((each) => each.holds).map((each) => delegated(each, done)),
    !signing.may_sign && signing.why_not && !stands ? el("p", { class: "hint" }, signing.why_not) : el("span"),
    told.blocks && signing.may_sign ? el("p", { class: "hint" }, "须先补上遗漏，或由上级批准例外，才能签字。") : el("span"),
    el("div", { class: "row-deeds" }, ...deeds),
  );
}

/** @param {Attestation|null} attestation */
function attested(attestation) {
  if (!attestation) return el("p", {}, "本期尚未签字。");
  const link = el("a", { href: `/certificate?id=${attestation.id}` }, "查看认定书");
  if (attestation.state === "valid") return el("p", { class: "sign-state valid" }, `${attestation.signed_by} 已于 ${instant(attestation.signed_at)} 签字。`, " ", link);
  return el("p", { class: "sign-state superseded" }, `${attestation.signed_by} 的签字${attestation.state_text}：${attestation.why ?? "原因见认定书"}`, " ", link);
}

/** @param {Delegation} each @param {Done} done */
function delegated(each, done) {
  const end = () =>
    ask("终止委托", [field("原因", el("textarea", { name: "words", rows: 3, maxlength: 500, required: true }))], "终止委托", async (values) => {
      await sendJson("POST", `/api/determination/delegations/${each.id}/end`, { words: textOf(values, "words") });
      await done();
    });
  return el("p", { class: "delegation" }, `${each.from_name} 已委托 ${each.to_name} 签字（${day(each.first_day)} 至 ${day(each.last_day)}）。`, each.may_end ? button("终止委托", end) : null);
}

/** @param {Told} told @param {Signing} signing @param {Done} done */
function sign(told, signing, done) {
  const excepted = told.exceptions.length ? `其中 ${told.exceptions.length} 项遗漏经批准例外，将列入认定书。` : "";
  const within = told.counts.reduce((sum, count) => sum + Math.max(0, count.number - count.excepted), 0);
  const allowed = within ? `另有 ${within} 项遗漏未超过上级规定的签字标准，也将列入认定书。` : "";
  ask(
    "签字确认",
    [
      el("p", {}, `本人作为${told.unit.name}${AS[signing.sign_as ?? ""] ?? ""}确认：${day(told.first_day)} 至 ${day(told.last_day)}，经逐项核对，${within ? "没有超出规定的遗漏" : "没有未处理的遗漏"}。${excepted}${allowed}`),
      el("p", { class: "hint" }, "签字后不能修改；所依据的记录如有变动，签字自动失效。"),
      field("补充说明", el("textarea", { name: "words", rows: 3, maxlength: 500 }), "可不填。"),
      passwordField(),
    ],
    "签字",
    async (values) => {
      await sendJson("POST", "/api/determination/attestations", { unit: told.unit.code, first_day: told.first_day, last_day: told.last_day, password: String(values.get("password") ?? ""), words: textOf(values, "words") });
      await done();
    },
  );
}

/** @param {Told} told @param {Delegations} delegations @param {Done} done */
function delegate(told, delegations, done) {
  if (!delegations.candidates.length) return ask("委托他人签字", [el("p", {}, "本单位没有可以委托的账号。请先由系统管理员开设。")], "知道了", async () => {});
  const people = delegations.candidates.map(({ username, name, role_name }) => /** @type {[string, string]} */ ([username, `${name}（${role_name}）`]));
  return ask(
    "委托他人签字",
    [
      field("委托给", select("to", people, people[0][0], { required: true })),
      field("自", el("input", { type: "date", name: "first_day", required: true })),
      field("至（含当日）", el("input", { type: "date", name: "last_day", required: true }), "从今天或以后起，最长 92 天。"),
      field("原因", el("textarea", { name: "reason", rows: 3, maxlength: 500, required: true })),
      passwordField(),
    ],
    "委托",
    async (values) => {
      const stated = Object.fromEntries(["to", "first_day", "last_day", "reason"].map((name) => [name, textOf(values, name)]));
      await sendJson("POST", "/api/determination/delegations", { unit: told.unit.code, ...stated, password: String(values.get("password") ?? "") });
      await done();
    },
  );
}

/** @param {Attestation} attestation @param {Done} done */
export function sendBack(attestation, done) {
  ask(
    "退回签字",
    [el("p", {}, `${attestation.unit.name}：${attestation.signed_by} ${instant(attestation.signed_at)} 签字`), el("p", { class: "hint" }, "退回后，以它为依据的上级签字同时失效，不能撤销；下级补正后须重新签字。"), field("理由", el("textarea", { name: "words", rows: 4, maxlength: 500, required: true })), passwordField()],
    "退回",
    async (values) => {
      await sendJson("POST", `/api/determination/attestations/${attestation.id}/send-back`, { words: textOf(values, "words"), password: String(values.get("password") ?? "") });
      await done();
    },
  );
}

/** @param {string} unit @returns {Promise<Delegations>} */
export function askDelegations(unit) {
  return getJson("/api/determination/delegations", { unit });
}

function passwordField() {
  return field("登录密码", el("input", { type: "password", name: "password", autocomplete: "current-password", maxlength: 200, required: true }), "再次输入，以确认是本人。");
}
