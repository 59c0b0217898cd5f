/** Saying what a row is, in dialogs where words are needed. */

import { ApiError, getJson, isAbort, Latest } from "../api.js";
import { debounced, el } from "../dom.js";
import { ask, field, textOf } from "../office.js";
import { sendJson, showTrouble } from "../session.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").RowDetail} RowDetail */
/** @typedef {{site_id: string, tenancy_id: string|null}} Chosen */

/** @param {string} list @param {Row} row @param {Record<string, unknown>} decision @returns {Promise<RowDetail>} */
export function decide(list, row, decision) {
  return sendJson("POST", `/api/baselines/${list}/rows/${row.id}/decision`, { seen: row.state, ...decision });
}

/** @param {string} list @param {Row} row @param {import("./types.js").ListDetail} of @param {(row: RowDetail) => void} done */
export function sayAbsent(list, row, of, done) {
  const words = el("textarea", { name: "why", rows: 3, maxlength: 500, required: true, placeholder: "现场看到了什么，如：地址为空地，邻近商户称从未有过该企业" });
  const visited = el("input", { name: "visited_on", type: "date", required: true, min: of.as_of, max: of.on });
  ask(`查无此企业：${row.name ?? `第 ${row.row_number} 行`}`, [el("p", { class: "under" }, "到过现场才能认定，认定后计入已检查。走访日期不能早于名单日期。"), field("走访日期", visited), field("现场情况（必填）", words)], "认定查无此企业", async (form) => {
    done(await decide(list, row, { state: "absent", why: textOf(form, "why"), visited_on: textOf(form, "visited_on") }));
  });
}

/** @param {string} list @param {Row} row @param {(row: RowDetail) => void} done */
export function sayUnmatched(list, row, done) {
  const words = el("textarea", { name: "why", rows: 3, maxlength: 500, required: true, placeholder: "如：候选场所均不是，尚未登记" });
  ask(`尚未登记：${row.name ?? `第 ${row.row_number} 行`}`, [el("p", { class: "under" }, "没有一处已登记的场所是它。它仍在未检查之列。"), field("理由（必填）", words)], "认定尚未登记", async (form) => {
    done(await decide(list, row, { state: "unmatched", why: textOf(form, "why") }));
  });
}

/** Choose any site, or a tenant in it. @param {string} list @param {Row} row @param {(row: RowDetail) => void} done */
export function searchSite(list, row, done) {
  const finder = new SiteFinder();
  ask(`选择场所：${row.name ?? `第 ${row.row_number} 行`}`, [finder.box], "选定", async () => {
    if (!finder.chosen) throw new ApiError("请先选择一处场所。", 422);
    done(await decide(list, row, { state: "matched", ...finder.chosen }));
  });
  void finder.find();
}

class SiteFinder {
  constructor() {
    /** @type {Chosen|null} */
    this.chosen = null;
    this.latest = new Latest();
    this.input = el("input", { type: "search", maxlength: 100, autocomplete: "off", placeholder: "输入其中几个字", "aria-label": "查找场所或租户" });
    const soon = debounced(250, () => void (this.isSought && this.find()));
    this.isSought = true;
    this.input.addEventListener("input", () => {
      this.isSought = true;
      soon();
    });
    this.list = el("div", { class: "found", role: "radiogroup", "aria-label": "场所" });
    this.tenants = el("div", { class: "found", role: "radiogroup", "aria-label": "租户" });
    this.box = el("div", { class: "finder" }, field("场所名称、地址或租户", this.input), this.list, this.tenants);
  }

  async find() {
    try {
      const found = /** @type {import("../sites/types.js").Sites} */ (await getJson("/api/sites", { q: this.input.value.trim() || null, limit: 8 }, this.latest.start()));
      this.chosen = null;
      this.tenants.replaceChildren();
      this.list.replaceChildren(
        ...(found.items.length ? found.items.map((site) => choice("site", site.name, [site.address, site.unit?.name].filter(Boolean).join(" · "), () => void this.#site(site.id))) : [el("p", { class: "empty" }, "没有找到。请换一个词；确实没有的，请先到“场所”登记。")]),
      );
    } catch (error) {
      if (!isAbort(error)) showTrouble(error);
    }
  }

  /** @param {string} id */
  async #site(id) {
    // Who has chosen has stopped searching: an answer that comes late must not take the choice away.
    this.isSought = false;
    this.latest.start();
    this.chosen = { site_id: id, tenancy_id: null };
    try {
      const site = /** @type {import("../sites/types.js").SiteDetail} */ (await getJson(`/api/sites/${encodeURIComponent(id)}`));
      const current = site.tenancies.filter(({ ended_on: ended }) => !ended);
      if (this.chosen?.site_id !== id) return;
      this.tenants.replaceChildren(
        ...(current.length
          ? [el("p", { class: "under" }, "是场所本身，还是其中的租户？"), choice("tenancy", "场所本身", site.name, () => this.#tenant(id, null), true), ...current.map((tenant) => choice("tenancy", tenant.tenant_name, tenant.floor_unit ?? "", () => this.#tenant(id, tenant.id)))]
          : []),
      );
    } catch (error) {
      showTrouble(error);
    }
  }

  /** @param {string} site @param {string|null} tenancy */
  #tenant(site, tenancy) {
    this.chosen = { site_id: site, tenancy_id: tenancy };
  }
}

/** @param {string} name @param {string} text @param {string} under @param {() => void} act @param {boolean} [isChosen] */
function choice(name, text, under, act, isChosen = false) {
  const input = el("input", { type: "radio", name: `found-${name}`, checked: isChosen, onchange: act });
  return el("label", { class: "found-one" }, input, el("span", {}, el("b", {}, text), el("small", {}, under)));
}

/** @param {string} list @param {() => void} done */
export function withdraw(list, done) {
  const words = el("textarea", { name: "why", rows: 3, maxlength: 500, required: true, placeholder: "如：导入有误；已有更新的名单" });
  ask("撤回名单", [el("p", { class: "under" }, "撤回后名单仍可查看，但不再计入检查率，也不能再处理。不能恢复。"), field("理由（必填）", words)], "撤回", async (form) => {
    await sendJson("POST", `/api/baselines/${list}/withdrawal`, { why: textOf(form, "why") });
    done();
  });
}

/** @param {string} list */
export function matchAgain(list) {
  return sendJson("POST", `/api/baselines/${list}/matching`);
}
