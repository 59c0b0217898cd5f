/** The list of plans, and drawing a new one. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { LEVEL_NAMES } from "../format.js";
import { ask, button, field, select, table, textOf } from "../office.js";
import { sendJson } from "../session.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").PlanRow} PlanRow */

const PAGE = 50;

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showPlans(pane, desk) {
  const skip = Number(desk.query.get("skip") ?? 0) || 0;
  const unit = desk.place.unit;
  /** @type {import("./types.js").Plans} */
  const found = await getJson("/api/supervision/plans", { unit: desk.query.get("unit"), limit: PAGE, skip });
  const add = desk.supervises ? button("抽取样本", () => drawNew(desk, found), "button") : null;
  const hint = desk.supervises ? `${unit.name}及下级的督导方案，共 ${found.total} 个。抽中的对象在定稿前只有督导人员看得到。` : `共 ${found.total} 个。抽中的对象在定稿后公开。`;
  const heads = ["方案", "范围", "类型", "抽样日期", "已定稿", "发现漏查", "状态"];
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, hint), add),
    table("督导方案", heads, found.items.map((plan) => row(plan, desk)), "还没有督导方案。由督导人员按公布的种子抽取。"),
    pager(found.total, skip, desk),
  );
}

/** @param {PlanRow} plan @param {Desk} desk */
function row(plan, desk) {
  const open = button(plan.name, () => desk.go({ plan: plan.id, item: null, skip: null }), "link tall");
  const state = el("span", { class: plan.finished_at ? "tag" : "tag is-open" }, plan.finished_at ? "已结束" : "进行中");
  return [open, plan.unit.name, plan.kind_text, plan.drawn_on, `${plan.final} / ${plan.items}`, omissions(plan.omissions), state];
}

/** @param {number} number */
export function omissions(number) {
  return number ? el("strong", { class: "is-missed" }, `${number} 项`) : "无";
}

/** @param {Desk} desk @param {import("./types.js").Plans} known */
function drawNew(desk, known) {
  const units = [desk.place.unit, ...desk.place.below];
  const kinds = Object.entries(known.kinds).filter(([kind]) => units.some(({ level }) => known.levels[kind].includes(level)));
  if (!kinds.length) return desk.say("请先在上方选择设区市或县（市、区）。");
  const id = crypto.randomUUID();
  const unitChoice = select("unit_code", []);
  const kindChoice = select("kind", kinds, kinds[0][0], { onchange: () => fill() });
  const fill = () => {
    const fitting = units.filter(({ level }) => known.levels[kindChoice.value].includes(level));
    unitChoice.replaceChildren(...fitting.map(({ code, name, level }) => el("option", { value: code }, `${name} · ${LEVEL_NAMES[level]}`)));
  };
  fill();
  ask(
    "抽取督导样本",
    [
      field("方案名称", el("input", { name: "name", required: true, maxlength: 100, value: `${new Date().getFullYear()}年专题督导` })),
      field("类型", kindChoice),
      field("范围", unitChoice),
      field("公布的种子", el("input", { name: "seed", required: true, maxlength: 100 }), "请用事先公布、无法挑选的数，如约定日期的开奖号码。凭种子可以重抽，结果相同。"),
    ],
    "抽取",
    async (values) => {
      const body = { id, name: textOf(values, "name"), kind: textOf(values, "kind"), unit_code: textOf(values, "unit_code"), seed: textOf(values, "seed") };
      const plan = await sendJson("POST", "/api/supervision/plans", body);
      desk.say(`已抽取 ${plan.items} 项`);
      desk.go({ plan: id });
    },
  );
}

/** @param {number} total @param {number} skip @param {Desk} desk */
export function pager(total, skip, desk) {
  if (total <= PAGE) return "";
  const step = (/** @type {string} */ text, /** @type {number} */ to, /** @type {boolean} */ isThere) => (isThere ? button(text, () => desk.go({ skip: String(to) })) : null);
  return el("div", { class: "pager" }, step("上一页", Math.max(skip - PAGE, 0), skip > 0), el("span", {}, `${skip + 1}–${Math.min(skip + PAGE, total)}，共 ${total}`), step("下一页", skip + PAGE, skip + PAGE < total));
}
