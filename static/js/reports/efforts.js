/** The pane of efforts: teams and person-times that towns and villages tell for F4. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { LEVEL_NAMES, personOf } from "../format.js";
import { ask, button, field, select, table, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { today } from "./periods.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Effort} Effort */

const PAGE = 100;
const TELLING = ["town", "village"];

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showEfforts(pane, desk) {
  const skip = Number(desk.query.get("skip") ?? 0) || 0;
  /** @type {{total: number, items: Effort[]}} */
  const found = await getJson("/api/reports/efforts", { unit: desk.place.unit.code, limit: PAGE, skip });
  const mayWrite = desk.person.rights.includes("reports.manage");
  const add = mayWrite ? button("填报工作量", () => tell(desk), "button") : null;
  const heads = ["单位", "日期", "检查组个数", "出动人次", "说明", "填报", ""];
  const rows = found.items.map((effort) => row(effort, desk, mayWrite));
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, `${desk.place.unit.name}及下级，共 ${found.total} 条。由镇、村填报；同一天由镇或村填报一次，不能重复。`), add),
    table("工作量填报", heads, rows, "还没有填报。F4 的检查组个数和出动人次要先在这里填报。"),
    pager(found.total, skip, desk),
  );
}

/** @param {Effort} effort @param {Desk} desk @param {boolean} mayWrite */
function row(effort, desk, mayWrite) {
  const gone = effort.withdrawn_why === null ? null : el("p", { class: "missing" }, `已撤回：${effort.withdrawn_why}（${personOf(effort.withdrawn_by ?? "")}）`);
  const acts = mayWrite && !gone ? el("div", { class: "row-actions" }, button("撤回", () => withdraw(effort, desk))) : "";
  const days = effort.first_day === effort.last_day ? effort.first_day : `${effort.first_day} 至 ${effort.last_day}`;
  return [effort.unit.name, days, effort.teams, effort.person_times, el("div", {}, effort.words ?? "", gone), personOf(effort.recorded_by), acts];
}

/** @param {Desk} desk */
function tell(desk) {
  const id = crypto.randomUUID();
  const units = [desk.place.unit, ...desk.place.below].filter(({ level }) => TELLING.includes(level));
  if (!units.length) return desk.say("请先在上方选择乡镇（街道）：工作量由镇、村填报。");
  const choice = /** @type {[string, string][]} */ (units.map(({ code, name, level }) => [code, `${name} · ${LEVEL_NAMES[level]}`]));
  const whole = (/** @type {string} */ name) => el("input", { name, type: "number", min: 0, step: 1, required: true, inputmode: "numeric" });
  const date = (/** @type {string} */ name) => el("input", { name, type: "date", required: true, max: today(), min: "2000-01-02" });
  ask(
    "填报工作量",
    [
      field("单位", select("unit_code", choice, units[0].code)),
      field("开始日期", date("first_day")),
      field("结束日期", date("last_day")),
      field("检查组个数", whole("teams"), "同一单位一个时段内分几次填报时，报表取其中最大的一个。"),
      field("出动执法人员人次", whole("person_times"), "各次填报相加。"),
      field("说明", el("textarea", { name: "words", maxlength: 500, rows: 2 })),
    ],
    "填报",
    async (values) => {
      const body = { id, unit_code: textOf(values, "unit_code"), first_day: textOf(values, "first_day"), last_day: textOf(values, "last_day"), teams: Number(values.get("teams")), person_times: Number(values.get("person_times")), words: textOf(values, "words") };
      await sendJson("POST", "/api/reports/efforts", body);
      desk.say("已填报");
      desk.go({ skip: null });
    },
  );
}

/** @param {Effort} effort @param {Desk} desk */
function withdraw(effort, desk) {
  ask(`撤回${effort.unit.name} ${effort.first_day} 至 ${effort.last_day} 的填报`, [field("原因", el("textarea", { name: "why", required: true, maxlength: 500, rows: 3 }), "撤回后不再计入报表，记录保留。")], "撤回", async (values) => {
    await sendJson("POST", `/api/reports/efforts/${effort.id}/withdrawal`, { why: textOf(values, "why") });
    desk.say("已撤回");
    desk.go({});
  });
}

/** @param {number} total @param {number} skip @param {Desk} desk */
function pager(total, skip, desk) {
  if (total <= PAGE) return "";
  const step = (/** @type {string} */ text, /** @type {number} */ to, /** @type {boolean} */ isThere) => (isThere ? button(text, () => desk.go({ skip: String(to) })) : null);
  return el("div", { class: "pager" }, step("上一页", Math.max(skip - PAGE, 0), skip > 0), el("span", {}, `${skip + 1}–${Math.min(skip + PAGE, total)}，共 ${total}`), step("下一页", skip + PAGE, skip + PAGE < total));
}
