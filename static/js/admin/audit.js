/** The audit: who did what, when, from where; filtered, and taken along as a table. */

import { address, getJson, isAbort, Latest } from "../api.js";
import { debounced, el } from "../dom.js";
import { instant } from "../format.js";
import { select, table } from "../office.js";
import { showTrouble } from "../session.js";
import { pager } from "./accounts.js";

/** @typedef {import("./types.js").AuditEntry} AuditEntry */

const PAGE = 50;
const MOST_OFFICERS = 3;
/** @type {Record<string, string>} */
const VIA = { session: "网页", token: "令牌", operator: "操作令牌", terminal: "服务器命令", none: "未登录" };

/** @param {HTMLElement} pane */
export async function showAudit(pane) {
  const latest = new Latest();
  const since = el("input", { type: "date", "aria-label": "自" });
  const until = el("input", { type: "date", "aria-label": "至" });
  const actor = el("input", { type: "search", placeholder: "操作人", "aria-label": "操作人" });
  const officer = el("input", { type: "search", placeholder: "被查看的网格员编码", "aria-label": "被查看的网格员编码" });
  const what = select("what", [["", "全部事项"]], "", { "aria-label": "事项" });
  const exported = el("a", { class: "quiet as-button", download: "" }, "导出 CSV");
  const list = el("div");
  let skip = 0;
  const asked = () => ({ from: since.value || null, to: until.value || null, actor: actor.value, what: what.value, officer: officer.value });
  const load = async () => {
    exported.href = address("/api/audit.csv", asked());
    try {
      const found = await getJson("/api/audit", { ...asked(), limit: PAGE, skip }, latest.start());
      if (what.options.length === 1) {
        for (const [value, text] of Object.entries(found.whats)) what.append(el("option", { value }, String(text)));
      }
      list.replaceChildren(drawn(found.items), pager(found.total, skip, (to) => ((skip = to), void load())));
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  };
  const anew = () => ((skip = 0), void load());
  for (const input of [actor, officer]) input.addEventListener("input", debounced(250, anew));
  for (const input of [since, until, what]) input.addEventListener("change", anew);
  const note = el("p", { class: "hint" }, "审计只增不改，任何人都不能修改或删除。");
  pane.replaceChildren(el("div", { class: "office-tools" }, since, until, actor, what, officer, exported), note, list);
  await load();
}

/** @param {AuditEntry[]} items */
function drawn(items) {
  const heads = ["时间", "操作人", "事项", "接口", "对象", "涉及网格员", "来自"];
  const rows = items.map((item) => [
    instant(item.at), item.actor || "—", item.what_name, el("code", {}, item.route), detailOf(item),
    officersOf(item), `${VIA[item.via] ?? item.via} ${item.address}`,
  ]);
  return table("审计", heads, rows, "没有符合条件的记录。");
}

/** A map shows hundreds: all of them are in the export. @param {AuditEntry} item */
function officersOf({ officer_codes: codes }) {
  return codes.length > MOST_OFFICERS ? `${codes.slice(0, MOST_OFFICERS).join("、")} 等 ${codes.length} 人` : codes.join("、") || "—";
}

/** What it was done to, and what the deed itself says of it. @param {AuditEntry} item */
function detailOf(item) {
  const facts = Object.entries(item.facts).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  if (!facts.length) return item.subject || "—";
  return el("span", {}, item.subject, " ", el("code", {}, facts.join("；")));
}
