/** The pane of imports: a list that a town has kept (F1, F3), looked at row by row, then taken whole or not at all. */

import { ApiError, ask } from "../api.js";
import { el } from "../dom.js";
import { addDays } from "../format.js";
import { button, field, select } from "../office.js";
import { session, showTrouble } from "../session.js";
import { today } from "./periods.js";
import { mappingOf, report } from "./preview.js";

/** @typedef {import("./types.js").Desk} Desk */
/** @typedef {import("./types.js").Import} Import */

const CHEMICAL_KINDS = /** @type {[string, string][]} */ ([
  ["", "请选择"],
  ["beyond_licence", "现有化工企业超许可范围生产储存危险化学品"],
  ["unlicensed_firm", "非化工企业未经许可生产化工产品（危险化学品）"],
  ["black_workshop", "无证无照或证照不全的小企业、小作坊、黑窝点"],
  ["affiliated", "以挂靠、租赁或“厂中厂”等方式非法违法生产"],
]);

/** @param {HTMLElement} pane @param {Desk} desk */
export async function showImports(pane, desk) {
  const result = el("div", { id: "import", "aria-live": "polite" });
  const form = makeForm(desk);
  const look = async (/** @type {Record<string, string>|null} */ mapping) => {
    const looked = await send(desk, form, "/preview", mapping, result);
    if (!looked) return;
    show(looked);
  };
  const take = async (/** @type {Import} */ looked) => {
    const taken = await send(desk, form, "", looked.mapping, result);
    if (!taken) return;
    desk.say(`已导入 ${taken.imported} 件`);
    result.replaceChildren(done(taken));
    form.reset();
  };
  const show = (/** @type {Import} */ looked) => {
    const isReady = looked.ready > 0 && !looked.errors && !looked.missing.length;
    const go = el("button", { type: "button", class: "button", disabled: !isReady, onclick: () => void take(looked) }, isReady ? `导入 ${looked.ready} 件` : "不能导入");
    const shown = report(looked, () => void look(mappingOf(result)));
    // With other columns it is no longer what was looked at.
    shown.addEventListener("change", () => {
      go.disabled = true;
      go.textContent = "列对应已改，请重新预览";
    });
    result.replaceChildren(shown, el("div", { class: "actions" }, go));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void look(null);
  });
  // What was looked at is no longer what would be taken.
  form.addEventListener("change", () => result.replaceChildren());
  pane.replaceChildren(form, result);
}

/** @param {Desk} desk */
function makeForm(desk) {
  const kinds = field("属于哪种情形", select("chemical_kind", CHEMICAL_KINDS), "F3 台账中没有这一栏，请为整份清单选定。");
  kinds.hidden = true;
  const form = select("form", [["F1", "F1 “小字头”及“停产停业”问题清单"], ["F3", "F3 “小化工”清单台账"]], "F1", {
    onchange: (event) => (kinds.hidden = event.target.value !== "F3"),
  });
  const date = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string|null} */ max) => el("input", { type: "date", name, value, max, min: "2000-01-02", required: true });
  return el(
    "form",
    { class: "import-form" },
    el("p", { class: "hint" }, `导入到${desk.place.unit.name}。先预览，核对无误后再导入：有一行错误就全部不导入；已登记的不会重复登记。`),
    field("清单", form),
    kinds,
    field("清单日期", date("as_of", today(), today()), "表中没有写日期的发现、立案和完成，一律记为这一天。"),
    field("未完成整治的期限", date("deadline", addDays(today(), 30), null)),
    field("文件", el("input", { type: "file", name: "file", required: true, accept: ".xlsx,.xls,.ods,.csv" }), "Excel、WPS 表格或 CSV，表头可有合并单元格。"),
    el("div", { class: "actions start" }, el("button", { type: "submit", class: "button" }, "预览")),
  );
}

/**
 * Send the list; null when that failed, which is told.
 * @param {Desk} desk @param {HTMLFormElement} form @param {string} step @param {Record<string, string>|null} mapping @param {HTMLElement} result
 * @returns {Promise<Import|null>}
 */
async function send(desk, form, step, mapping, result) {
  const stated = new FormData(form);
  if (stated.get("form") !== "F3" || !stated.get("chemical_kind")) stated.delete("chemical_kind");
  stated.set("unit", desk.place.unit.code);
  if (mapping) stated.set("mapping", JSON.stringify(mapping));
  result.setAttribute("aria-busy", "true");
  try {
    const { csrf_token } = await session();
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...(csrf_token ? { "X-CSRF-Token": csrf_token } : {}) };
    return await ask(`/api/reports/imports${step}`, { method: "POST", headers, body: stated });
  } catch (error) {
    if (!(error instanceof ApiError)) showTrouble(error);
    else result.replaceChildren(el("p", { class: "trouble", role: "alert" }, error.message), button("知道了", () => result.replaceChildren()));
    return null;
  } finally {
    result.removeAttribute("aria-busy");
  }
}

/** @param {Import} taken */
function done(taken) {
  const numbers = taken.numbers.slice(0, 20).join("、");
  const rest = taken.numbers.length > 20 ? ` 等 ${taken.numbers.length} 件` : "";
  return el(
    "div",
    { class: "done", role: "status" },
    el("h2", {}, `已导入 ${taken.imported} 件`),
    taken.duplicates ? el("p", {}, `另有 ${taken.duplicates} 件已登记，没有重复导入。`) : null,
    taken.finished ? el("p", {}, `其中 ${taken.finished} 件清单写明已完成整治，但没有“两断三清”逐项佐证，将在案件中列为遗漏，请补充。`) : null,
    numbers ? el("p", { class: "hint" }, `问题编号：${numbers}${rest}`) : null,
    el("a", { class: "button", href: "/cases" }, "查看案件"),
  );
}
