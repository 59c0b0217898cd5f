/** Parts of the form of a visit: one tap each. */

import { el } from "../dom.js";

/** @typedef {import("./types.js").VisitDraft} VisitDraft */
/** @typedef {import("./types.js").PackageTenancy} PackageTenancy */

/** @type {[string, string][]} */
const SEEN = [["yes", "已查看"], ["no", "未见到"]];
/** @type {[string, string][]} */
const ANSWERS = [["yes", "符合"], ["no", "不符合"], ["not_applicable", "不适用"]];

/**
 * One of few, side by side.
 * @param {string} label @param {string} name @param {[string, string][]} options @param {string} chosen @param {(value: string) => void} choose
 */
export function segments(label, name, options, chosen, choose) {
  return el(
    "fieldset",
    { class: "segments", "aria-label": label },
    ...options.map(([value, text]) => el("label", { class: `segment-${value}` }, el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => choose(value) }), text)),
  );
}

/** @param {PackageTenancy[]} tenancies @param {VisitDraft} draft @param {() => void} changed */
export function tenancyRows(tenancies, draft, changed) {
  return tenancies.map((tenancy) => {
    const choose = (/** @type {string} */ value) => {
      draft.seen[tenancy.id] = /** @type {"yes"|"no"} */ (value);
      changed();
    };
    return el(
      "div",
      { class: `visit-item depth-${Math.min(tenancy.depth, 3)}`, "data-tenancy": tenancy.id },
      el("p", {}, el("strong", {}, tenancy.tenant_name), tenancy.floor_unit ? el("span", {}, tenancy.floor_unit) : null),
      segments(`${tenancy.tenant_name}：是否查看`, `seen-${tenancy.id}`, SEEN, draft.seen[tenancy.id] ?? "", choose),
    );
  });
}

/** @param {{code: string, text: string}[]} items @param {VisitDraft} draft @param {() => void} changed */
export function checklistRows(items, draft, changed) {
  return items.map(({ code, text }, at) => {
    const choose = (/** @type {string} */ value) => {
      draft.checklist[code] = /** @type {"yes"|"no"|"not_applicable"} */ (value);
      changed();
    };
    return el("div", { class: "visit-item", "data-item": code }, el("p", {}, `${at + 1}. ${text}`), segments(text, `item-${code}`, ANSWERS, draft.checklist[code] ?? "", choose));
  });
}

/** Tenants that nobody had told of. @param {VisitDraft} draft @param {() => void} changed */
export function newTenants(draft, changed) {
  const list = el("div", { class: "records" });
  const draw = () => list.replaceChildren(...draft.tenants.map(one));
  const one = (/** @type {VisitDraft["tenants"][number]} */ tenant) =>
    el(
      "div",
      { class: "record", "data-new": tenant.id },
      text("租户名称", tenant.tenant_name, (value) => ((tenant.tenant_name = value), changed())),
      text("楼层房号（可不填）", tenant.floor_unit, (value) => ((tenant.floor_unit = value), changed())),
      el("div", { class: "row" }, el("button", { type: "button", onclick: () => remove(tenant.id) }, "删除")),
    );
  const remove = (/** @type {string} */ id) => {
    draft.tenants = draft.tenants.filter((tenant) => tenant.id !== id);
    draw();
    changed();
  };
  const add = () => {
    draft.tenants.push({ id: crypto.randomUUID(), tenant_name: "", floor_unit: "" });
    draw();
    changed();
    /** @type {HTMLInputElement|null} */ (list.querySelector("[data-new]:last-child input"))?.focus();
  };
  draw();
  return el("div", { class: "visit-new" }, list, el("button", { type: "button", class: "row-button", id: "add-tenant", onclick: add }, "发现清单上没有的租户"));
}

/** @param {string} label @param {string} value @param {(value: string) => void} changed */
function text(label, value, changed) {
  const input = el("input", { type: "text", maxlength: 100, value, oninput: () => changed(input.value) });
  return el("label", {}, el("span", { class: "field-label" }, label), input);
}
