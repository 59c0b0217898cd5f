/** A file becomes a list: choose it, see what it holds, say what its columns are, send it. */

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { whole } from "../format.js";
import { button, field, select } from "../office.js";
import { sendForm } from "../leads/send.js";
import { UnitPicker } from "../sites/unitpicker.js";
import { DATUMS } from "./words.js";

/** @typedef {import("./types.js").Preview} Preview */
/** @typedef {import("./types.js").ListDetail} ListDetail */

const SHOWN_COLUMNS = 40;
const PLACE = ["lon", "lat"];

/** @param {Record<string, string>} kinds @param {{code: string, name: string}|null} unit @param {(list: ListDetail) => void} done */
export function importList(kinds, unit, done) {
  new Upload(kinds, unit, done).open();
}

class Upload {
  /** @param {Record<string, string>} kinds @param {{code: string, name: string}|null} unit @param {(list: ListDetail) => void} done */
  constructor(kinds, unit, done) {
    this.kinds = kinds;
    this.done = done;
    this.id = crypto.randomUUID();
    /** @type {Preview|null} */
    this.preview = null;
    this.unit = new UnitPicker("所属区划", "输入区县、镇、村名称或代码", () => {});
    this.unit.show(unit);
    this.file = el("input", { type: "file", name: "file", required: true, accept: ".xlsx,.xls,.ods,.csv,.txt", onchange: () => void this.look() });
    this.trouble = el("p", { class: "trouble", role: "alert", hidden: true });
    this.body = el("div", { class: "upload-body" });
    this.submit = el("button", { type: "submit", class: "button", disabled: true }, "导入");
    this.form = el("form", { class: "upload" }, el("h2", {}, "导入名单"), field("文件", this.file, "Excel（xlsx、xls、ods）或 CSV（UTF-8、GBK）"), this.body, this.trouble, el("div", { class: "actions" }, button("取消", () => this.dialog.close(), "quiet tall"), this.submit));
    this.form.addEventListener("submit", (event) => void this.#send(event));
    this.dialog = el("dialog", { class: "office-dialog upload-dialog", "aria-label": "导入名单" }, this.form);
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  /** Ask the service what the file holds. @param {Record<string, string>} [more] */
  async look(more = {}) {
    const file = this.file.files?.[0];
    if (!file) return;
    this.trouble.hidden = true;
    this.submit.disabled = true;
    if (!this.preview) this.body.replaceChildren(el("p", { class: "under", role: "status" }, "正在读取文件…"));
    const form = new FormData();
    form.set("file", file);
    for (const [name, value] of Object.entries(more)) form.set(name, value);
    try {
      const preview = /** @type {Preview} */ (await sendForm("/api/baselines/preview", form));
      if (this.file.files?.[0] !== file) return;
      const before = new FormData(this.form);
      this.preview = preview;
      this.#show(preview, before, file.name);
      this.submit.disabled = false;
    } catch (error) {
      this.preview = null;
      this.body.replaceChildren();
      this.#fail(error);
    }
  }

  /** @param {Preview} preview @param {FormData} before what was filled in already @param {string} fileName */
  #show(preview, before, fileName) {
    const was = (/** @type {string} */ name, /** @type {string} */ other) => String(before.get(name) ?? other);
    const name = el("input", { name: "name", maxlength: 100, required: true, value: was("name", fileName.replace(/\.[^.]*$/, "")) });
    const department = el("input", { name: "department", maxlength: 100, required: true, placeholder: "如：市场监管局", value: was("department", "") });
    const asOf = el("input", { name: "as_of", type: "date", required: true, value: was("as_of", "") });
    this.body.replaceChildren(
      ...this.#found(preview),
      el("fieldset", {}, el("legend", {}, "各列是什么"), this.#mapping(preview)),
      el(
        "fieldset",
        { class: "upload-facts" },
        el("legend", {}, "名单说明"),
        field("名单名称", name),
        field("类别", select("kind", Object.entries(this.kinds), was("kind", "market_register"))),
        field("提供部门", department),
        field("截至日期", asOf, "名单所反映的日期"),
        el("div", { class: "field" }, el("span", {}, "所属区划"), this.unit.box, el("small", {}, "只与这个区划内的场所匹配")),
      ),
    );
  }

  /** @param {Preview} preview */
  #found(preview) {
    const { encoding, sheet, other_sheets: others } = preview;
    const source = encoding ? `CSV，编码 ${encoding}` : `工作表“${sheet}”`;
    const row = el("input", { type: "number", min: 1, max: 1000, value: preview.header_row, "aria-label": "表头从第几行开始" });
    const count = el("input", { type: "number", min: 1, max: 3, value: preview.header_rows, "aria-label": "表头占几行" });
    const again = () => void this.look({ header_row: row.value, header_rows: count.value, ...(sheet ? { sheet } : {}) });
    row.addEventListener("change", again);
    count.addEventListener("change", again);
    return [
      el("p", { class: "upload-found", role: "status" }, `${source}，共 ${whole(preview.row_count)} 行。`),
      others.length ? el("p", { class: "upload-sheets" }, "另有工作表未读取：", ...others.map((each) => button(`改读“${each}”`, () => void this.look({ sheet: each }), "quiet tall"))) : null,
      el("p", { class: "upload-header" }, "表头从第 ", row, " 行开始，占 ", count, " 行"),
      sample(preview),
    ].filter((each) => each !== null);
  }

  /** @param {Preview} preview */
  #mapping(preview) {
    const none = /** @type {[string, string]} */ (["", "（没有这一列）"]);
    const columns = /** @type {[string, string][]} */ (preview.columns.map((column) => [column, column]));
    const isRequired = (/** @type {string} */ name) => preview.required.includes(name);
    const fields = Object.entries(preview.fields).map(([name, text]) => field(isRequired(name) ? `${text}（必选）` : text, select(`column:${name}`, [none, ...columns], preview.mapping[name] ?? "", { required: isRequired(name), onchange: () => this.#showDatum() })));
    this.datum = el("div", { class: "upload-datum" }, field("坐标系", select("datum", [["", "请选择"], ...DATUMS], ""), "不清楚时请向提供部门核实"));
    const box = el("div", { class: "upload-mapping" }, ...fields, this.datum);
    queueMicrotask(() => this.#showDatum());
    return box;
  }

  #showDatum() {
    if (this.datum) this.datum.hidden = !PLACE.some((name) => this.#column(name));
  }

  /** @param {string} name */
  #column(name) {
    return String(new FormData(this.form).get(`column:${name}`) ?? "");
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const file = this.file.files?.[0];
    if (!file || !this.preview) return;
    const values = new FormData(this.form);
    const text = (/** @type {string} */ name) => String(values.get(name) ?? "").trim();
    const mapping = Object.fromEntries(Object.keys(this.preview.fields).map((name) => [name, this.#column(name)]).filter(([, column]) => column));
    const fields = { id: this.id, name: text("name"), kind: text("kind"), department: text("department"), as_of: text("as_of"), unit_code: this.unit.unit?.code ?? "", mapping, header_row: this.preview.header_row, header_rows: this.preview.header_rows, sheet: this.preview.sheet, datum: PLACE.some((name) => mapping[name]) ? text("datum") : null };
    if (!fields.unit_code) return this.#fail(new ApiError("请选择所属区划。", 422));
    if (fields.datum === "") return this.#fail(new ApiError("名单中有坐标，请选择坐标系；不清楚时请向提供部门核实，或不选经度和纬度列。", 422));
    const form = new FormData();
    form.set("file", file);
    form.set("fields", JSON.stringify(fields));
    this.submit.disabled = true;
    this.trouble.hidden = true;
    try {
      const list = /** @type {ListDetail} */ (await sendForm("/api/baselines", form));
      this.dialog.close();
      this.done(list);
    } catch (error) {
      this.#fail(error);
      this.submit.disabled = false;
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.trouble.textContent = error instanceof ApiError ? error.message : `页面出错：${String(error)}`;
    this.trouble.hidden = false;
    this.trouble.scrollIntoView({ block: "nearest" });
  }
}

/** The first rows as they were read. @param {Preview} preview */
function sample({ columns, sample: rows, sample_row_numbers: numbers }) {
  const shown = columns.slice(0, SHOWN_COLUMNS);
  const line = (/** @type {string[]} */ row, /** @type {number} */ at) => el("tr", {}, el("th", { scope: "row" }, numbers[at]), ...row.slice(0, SHOWN_COLUMNS).map((cell) => el("td", {}, cell)));
  return el(
    "div",
    { class: "sample", tabindex: 0, role: "region", "aria-label": "前几行内容" },
    el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "行"), ...shown.map((column) => el("th", { scope: "col" }, column)))), el("tbody", {}, ...rows.map(line))),
  );
}
