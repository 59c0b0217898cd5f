/** The form of a visit to one site: entered or not, who was seen there, what was looked at, photos, and what came of it. */

import { el } from "../dom.js";
import { OCCUPANCIES, SITE_KINDS, SITE_LOOKS } from "../sitestates.js";
import { bundle, choices, confirmed, MOST_PHOTOS, PhotoTray } from "./parts.js";
import { checklistRows, newTenants, segments, tenancyRows } from "./visitparts.js";
import { away_m, farText } from "./visitplaces.js";

/** @typedef {import("./types.js").PackageSite} PackageSite */
/** @typedef {import("./types.js").VisitDraft} VisitDraft */

/** @type {[string, string][]} */
const ENTERED = [["yes", "已进入"], ["no", "未能进入"]];
const RESULTS = [{ code: "nothing_found", name: "未发现问题" }, { code: "problem_found", name: "发现问题" }];

export class VisitForm {
  /** @param {import("./field.js").Field} field @param {() => void} left @param {(text: string) => void} say */
  constructor(field, left, say) {
    this.field = field;
    this.left = left;
    this.say = say;
    /** @type {PackageSite|null} */
    this.site = null;
    /** @type {VisitDraft|null} */
    this.draft = null;
    this.box = el("form", { class: "sheet", id: "visit-form", novalidate: true, onsubmit: (/** @type {Event} */ event) => void this.#submit(event) });
    this.where = el("p", { class: "hint", id: "visit-where", role: "status" });
    this.problem = el("p", { class: "problem", id: "visit-problem", role: "status" });
    this.yes = el("button", { type: "submit", class: "act strong", id: "visit-submit" }, "保存并上传");
    this.tray = new PhotoTray(field, () => this.#photosChanged());
  }

  get site_id() {
    return this.site?.id ?? null;
  }

  /** @param {PackageSite} site */
  async open(site) {
    const { drafts } = this.field;
    this.tray.clear();
    this.tray.restore(await drafts.photos(site.id));
    this.draft = structuredClone(drafts.of(site.id));
    this.site = site;
    this.#build();
  }

  /** The site as the newest package has it: who moved in meanwhile must be looked for, too. */
  #renew() {
    const now = this.field.sites().find(({ id }) => id === this.site_id);
    if (!now || !this.site) return;
    const before = this.site;
    this.site = now;
    if (JSON.stringify(now.tenancies) !== JSON.stringify(before.tenancies) || now.kind !== before.kind) this.#build();
  }

  #build() {
    const { site, draft } = this;
    if (!site || !draft) return;
    this.box.replaceChildren(
      el("button", { type: "button", class: "row-button", id: "visit-back", onclick: () => this.#close() }, "‹ 返回清单"),
      el("div", {}, el("h2", {}, site.name), el("p", { class: "hint" }, [SITE_LOOKS[site.state].word, SITE_KINDS[site.kind], OCCUPANCIES[site.occupancy], site.code].filter(Boolean).join(" · ")), site.address ? el("p", {}, site.address) : null, this.where),
      group("是否进入现场", segments("是否进入现场", "entered", ENTERED, draft.entered, (value) => this.#entered(/** @type {"yes"|"no"} */ (value)))),
      ...(draft.entered === "yes" ? this.#inside(site, draft) : draft.entered === "no" ? [this.#reasons(draft)] : []),
      ...(draft.entered ? this.#end(draft) : []),
      this.problem,
      ...(draft.entered ? [this.yes] : []),
      this.field.drafts.has(site.id) ? el("button", { type: "button", class: "row-button", id: "visit-drop", onclick: () => void this.#drop() }, "不要这次填写的内容") : "",
    );
    this.render();
  }

  /** @param {PackageSite} site @param {VisitDraft} draft */
  #inside(site, draft) {
    const items = this.field.package?.checklists?.[site.kind] ?? [];
    const changed = () => this.#changed();
    return [
      group(site.tenancies.length ? `租户（${site.tenancies.length} 户，逐户查看）` : "租户", ...(site.tenancies.length ? tenancyRows(site.tenancies, draft, changed) : [el("p", { class: "hint" }, "没有登记的租户。")]), newTenants(draft, changed)),
      group(`检查内容（${items.length} 项）`, ...checklistRows(items, draft, changed)),
    ];
  }

  /** @param {VisitDraft} draft */
  #reasons(draft) {
    const box = choices("未能进入的原因", "why", this.field.package?.not_entered_reasons ?? [], () => {
      draft.why = picked(box, "why");
      this.#changed();
    });
    pick(box, "why", draft.why);
    return box;
  }

  /** @param {VisitDraft} draft */
  #end(draft) {
    const note = el("textarea", { id: "visit-note", maxlength: 500, oninput: () => ((draft.note = note.value), this.#changed()) }, draft.note);
    const result = choices("走访结果", "result", RESULTS, () => {
      draft.result = /** @type {"nothing_found"|"problem_found"} */ (picked(result, "result"));
      this.#changed();
    });
    pick(result, "result", draft.result);
    return [
      ...(draft.entered === "yes" ? [result] : []),
      el("div", {}, el("label", { class: "field-label", for: "visit-note" }, "说明（发现问题或选“其他”时必填）"), note),
      el("div", {}, el("p", { class: "field-label" }, `现场照片（最多 ${MOST_PHOTOS} 张）`), this.tray.box),
    ];
  }

  render() {
    if (!this.site || !this.draft) return;
    this.#renew();
    const where = this.#whereText(this.site);
    if (this.where.textContent !== where) this.where.textContent = where;
    const missing = this.draft.entered ? this.#missing(this.site, this.draft) : "";
    if (this.problem.textContent !== missing) this.problem.textContent = missing;
    this.yes.disabled = missing !== "";
  }

  /** @param {PackageSite} site */
  #whereText(site) {
    const here = this.field.position.recent(Date.now());
    if (!here) return "正在等待定位。没有定位也可以保存，但会记为“没有定位”。";
    const metres = away_m(here, site);
    return metres === null ? "本场所没有坐标。" : metres < 10 ? "手机就在场所。" : `手机距场所${farText(metres)}。`;
  }

  /** What is missing before the visit can be kept. @param {PackageSite} site @param {VisitDraft} draft @returns {string} "" when nothing is */
  #missing(site, draft) {
    if (draft.entered === "no") {
      if (!draft.why) return "请选择未能进入的原因。";
      return draft.why === "other" && !draft.note.trim() ? "选“其他”时请填写说明。" : "";
    }
    const unseen = site.tenancies.filter(({ id }) => !draft.seen[id]).length;
    if (unseen) return `还有 ${unseen} 户没有选择“已查看”或“未见到”。`;
    if (draft.tenants.some(({ tenant_name }) => !tenant_name.trim())) return "请填写新发现租户的名称。";
    const items = this.field.package?.checklists?.[site.kind] ?? [];
    const open = items.filter(({ code }) => !draft.checklist[code]).length;
    if (open) return `还有 ${open} 项检查内容没有选择。`;
    return this.#resultMissing(draft);
  }

  /** @param {VisitDraft} draft */
  #resultMissing(draft) {
    if (!draft.result) return "请选择走访结果。";
    const hasProblem = Object.values(draft.checklist).includes("no");
    if (hasProblem && draft.result === "nothing_found") return "检查内容中有“不符合”，结果应为“发现问题”。";
    if (draft.result !== "problem_found") return "";
    if (!draft.note.trim()) return "发现问题的，请在说明中写明情况。";
    return this.tray.photos.length ? "" : "发现问题的，请至少拍 1 张现场照片。";
  }

  /** @param {"yes"|"no"} value */
  #entered(value) {
    if (!this.draft) return;
    this.draft.entered = value;
    this.#changed();
    this.#build();
  }

  #changed() {
    if (this.draft) this.field.drafts.keep(this.draft);
    this.render();
  }

  #photosChanged() {
    if (!this.draft) return;
    this.field.drafts.keepPhotos(this.draft.site_id, this.tray.photos);
    this.#changed();
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const { site, draft, field } = this;
    if (!site || !draft || !draft.entered || this.#missing(site, draft)) return;
    const record = { id: draft.id, kind: /** @type {"visit"} */ ("visit"), title: site.name, body: this.#body(site, draft) };
    await field.drafts.hand(site.id, bundle(field.store.officer_code, record, this.tray.photos));
    // Counted among what waits before the form is gone: nobody is told meanwhile that all has been uploaded.
    await field.outbox.reload();
    this.#close();
    this.say("走访已保存在本机，有网络时自动上传。");
    void field.outbox.flush();
  }

  /** @param {PackageSite} site @param {VisitDraft} draft @returns {Record<string, unknown>} */
  #body(site, draft) {
    const { position, store } = this.field;
    const isInside = draft.entered === "yes";
    const here = position.here;
    const note = draft.note.trim();
    return {
      id: draft.id,
      site_id: site.id,
      officer_code: store.officer_code,
      visited_at: new Date().toISOString(),
      datum: "WGS-84",
      position: here && { lon: here.lon, lat: here.lat, accuracy_m: here.accuracy_m, time: new Date(here.time_ms).toISOString() },
      result: isInside ? draft.result : "not_entered",
      not_entered_why: isInside ? null : draft.why,
      checklist: isInside ? this.#answers(site, draft) : {},
      tenancies: isInside ? site.tenancies.map(({ id }) => ({ tenancy_id: id, seen: draft.seen[id] === "yes" })) : [],
      new_tenants: isInside ? draft.tenants.map(({ id, tenant_name, floor_unit }) => ({ id, tenant_name: tenant_name.trim(), floor_unit: floor_unit.trim() || null })) : [],
      ...(note ? { note } : {}),
      photo_ids: this.tray.photos.map(({ id }) => id),
    };
  }

  /** Of what is asked in this kind of site, and nothing else. @param {PackageSite} site @param {VisitDraft} draft */
  #answers(site, draft) {
    const items = this.field.package?.checklists?.[site.kind] ?? [];
    return Object.fromEntries(items.map(({ code }) => [code, { answer: draft.checklist[code] }]));
  }

  async #drop() {
    if (!this.site || !(await confirmed("不要这次填写的内容？照片也会删除。", "删除"))) return;
    await this.field.drafts.drop(this.site.id);
    this.#close();
  }

  #close() {
    this.site = null;
    this.draft = null;
    this.tray.clear();
    this.left();
  }
}

/** @param {string} title @param {...(HTMLElement|string)} parts */
function group(title, ...parts) {
  return el("section", { class: "visit-group" }, el("h3", {}, title), ...parts);
}

/** @param {ParentNode} box @param {string} name */
function picked(box, name) {
  return /** @type {HTMLInputElement|null} */ (box.querySelector(`input[name="${name}"]:checked`))?.value ?? "";
}

/** @param {ParentNode} box @param {string} name @param {string} value */
function pick(box, name, value) {
  const input = /** @type {HTMLInputElement|null} */ (box.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`));
  if (input) input.checked = true;
}
