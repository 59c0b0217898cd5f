/** Planted checks: put in on purpose, to see whether they are found. */

import { getJson } from "../api.js";
import { el } from "../dom.js";
import { LEVEL_NAMES } from "../format.js";
import { ask, button, field, select, table, textOf } from "../office.js";
import { sendJson } from "../session.js";
import { pager } from "./plans.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Check} Check */

const PAGE = 50;
const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showChecks(pane, desk) {
  const skip = Number(desk.query.get("skip") ?? 0) || 0;
  /** @type {{total: number, items: Check[]}} */
  const found = await getJson("/api/supervision/checks", { unit: desk.query.get("unit"), limit: PAGE, skip });
  const add = desk.supervises ? button("设置暗查", () => plant(desk), "button") : null;
  const hint = desk.supervises ? "在现场有意设置的情况，用来检验能不能被发现。有结论之前，只有督导人员看得到。" : "已有结论的暗查。进行中的暗查不公开。";
  const heads = ["内容", "单位", "设置日期", "截止日期", "结论", "说明", ""];
  pane.replaceChildren(
    el("div", { class: "office-tools" }, el("p", { class: "grows hint" }, `${hint}共 ${found.total} 条。`), add),
    table("暗查", heads, found.items.map((check) => row(check, desk)), "还没有暗查。"),
    pager(found.total, skip, desk),
  );
}

/** @param {Check} check @param {Desk} desk */
function row(check, desk) {
  const kind = check.outcome === "missed" ? "tag is-missed" : check.outcome ? "tag is-done" : "tag is-open";
  const outcome = el("span", { class: kind }, check.outcome_text);
  const said = check.settled_on ? `${check.settled_on} ${check.words ?? ""}` : "";
  const acts = desk.supervises && !check.outcome ? el("div", { class: "row-actions" }, button("填写结论", () => settle(check, desk))) : "";
  return [check.what, check.unit.name, whole(check.planted_on), whole(check.until), outcome, said, acts];
}

/** A day on one line. @param {string} day */
const whole = (day) => el("span", { class: "whole" }, day);

/** @param {Desk} desk */
function plant(desk) {
  const id = crypto.randomUUID();
  const units = /** @type {[string, string][]} */ ([desk.place.unit, ...desk.place.below].map(({ code, name, level }) => [code, `${name} · ${LEVEL_NAMES[level]}`]));
  const coordinate = (/** @type {string} */ name) => el("input", { name, inputmode: "decimal", pattern: "-?[0-9]{1,3}(\\.[0-9]{1,8})?" });
  ask(
    "设置暗查",
    [
      field("单位", select("unit_code", units, units[0][0])),
      field("设置了什么、在哪里", el("textarea", { name: "what", required: true, maxlength: 500, rows: 3 })),
      field("经度（可不填）", coordinate("lon"), "WGS-84 坐标。"),
      field("纬度（可不填）", coordinate("lat")),
      field("设置日期", el("input", { name: "planted_on", type: "date", required: true, value: today() })),
      field("截止日期", el("input", { name: "until", type: "date", required: true, min: today() }), "到这一天为止没有被发现的，记为“未被发现”。"),
    ],
    "设置",
    async (values) => {
      const [lon, lat] = [textOf(values, "lon"), textOf(values, "lat")];
      const place = lon === null && lat === null ? null : { lon: Number(lon), lat: Number(lat) };
      const body = { id, unit_code: textOf(values, "unit_code"), what: textOf(values, "what"), place, planted_on: textOf(values, "planted_on"), until: textOf(values, "until") };
      await sendJson("POST", "/api/supervision/checks", body);
      desk.say("暗查已设置");
      desk.go({ skip: null });
    },
  );
}

/** @param {Check} check @param {Desk} desk */
function settle(check, desk) {
  const outcomes = /** @type {[string, string][]} */ ([["found", "已被发现"], ["missed", "未被发现"]]);
  ask(
    `暗查结论：${check.what}`,
    [
      field("结论", select("outcome", outcomes, check.is_over ? "missed" : "found")),
      field("日期", el("input", { name: "settled_on", type: "date", required: true, min: check.planted_on, max: today(), value: today() }), `截止日期 ${check.until}。`),
      field("说明", el("textarea", { name: "words", required: true, maxlength: 500, rows: 3 }), "谁在何时怎样发现，或到期仍无人上报。结论只能填写一次。"),
    ],
    "填写",
    async (values) => {
      const body = { outcome: textOf(values, "outcome"), settled_on: textOf(values, "settled_on"), words: textOf(values, "words") };
      await sendJson("POST", `/api/supervision/checks/${check.id}/outcome`, body);
      desk.say("结论已填写");
      desk.go({});
    },
  );
}
