/** Officers by what is known of their day. */

import { el } from "../dom.js";
import { MODE_NAMES } from "../format.js";
import { Choice, phoneLink } from "./choice.js";

/** @typedef {import("./types.js").OfficerDay} OfficerDay */
/** @typedef {import("./types.js").DutyState} DutyState */

const KINDS = {
  not_started: { word: "未开始", none: "所有网格员今天都已出发或巡查过。" },
  out: { word: "正在巡查", none: "此刻没有人正在巡查。" },
  waiting: { word: "已出发未上传", none: "没有已出发而尚未上传的网格员。" },
  patrolled: { word: "今日已巡", none: "今天还没有收到巡查记录。" },
};

export class People {
  /** @param {HTMLElement} buttons @param {HTMLElement} list */
  constructor(buttons, list) {
    /** @type {Choice<DutyState, OfficerDay>} */
    this.choice = new Choice(buttons, list, KINDS, entry);
  }

  /** @param {import("./types.js").Today} day @param {boolean} isNew */
  show(day, isNew) {
    const { unit } = day;
    this.choice.show(
      {
        not_started: { items: day.not_started, total: unit.not_started },
        out: { items: day.out, total: unit.out },
        waiting: { items: day.waiting, total: unit.waiting },
        patrolled: { items: day.patrolled, total: unit.patrolled },
      },
      isNew,
    );
  }
}

/** @param {OfficerDay} officer @param {DutyState} state */
function entry(officer, state) {
  const where = [officer.town, officer.unit].filter(Boolean).join(" ");
  return el(
    "li",
    { class: "entry", "data-officer": officer.code },
    el("div", {}, el("strong", {}, officer.name), facts(officer, state), el("br"), el("small", {}, `${where}　${gridsOf(officer.grids)}`)),
    el("div", { class: "entry-side" }, phoneLink(officer.phone)),
  );
}

/** @param {string[]} grids */
function gridsOf(grids) {
  return grids.length > 3 ? `${grids.slice(0, 3).join("、")} 等 ${grids.length} 个网格` : grids.join("、");
}

/** @param {OfficerDay} officer @param {DutyState} state */
function facts(officer, state) {
  if (state === "not_started") return "";
  if (state === "patrolled") return `已上传 ${officer.patrols} 次${officer.last_at ? `，至 ${clock(officer.last_at)}` : ""}`;
  const since = officer.since ? `${clock(officer.since)} 出发` : "";
  if (state === "waiting") return `${since}，最后一次联系 ${officer.last_at ? clock(officer.last_at) : "—"}`;
  const mode = officer.mode ? MODE_NAMES[officer.mode] : "";
  return `${mode} ${since}，已走 ${(Math.floor((officer.length_m ?? 0) / 100) / 10).toFixed(1)} 公里`;
}

/** @param {string} iso instant */
function clock(iso) {
  return new Date(iso).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
