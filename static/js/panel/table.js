/** The children of the unit in view, sortable: the accessible way down the tree. */

import { bar } from "./bar.js";
import { el } from "../dom.js";
import { ago, area, percent } from "../format.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {{key: string, label: string, value: (row: Row) => number|string, text: (row: Row) => string}} Column */

/** @param {string} today @param {boolean} grids @returns {Column[]} */
function columns(today, grids) {
  /** @type {Column} */
  const unassigned = {
    key: "unassigned",
    label: "无主地",
    value: (row) => row.shares.unassigned.area_m2,
    text: (row) => area(row.shares.unassigned.area_m2),
  };
  /** @type {Column} */
  const lastSeen = {
    key: "last_seen",
    label: "最近查看",
    value: (row) => row.last_seen ?? "",
    text: (row) => ago(row.last_seen, today),
  };
  return [
    { key: "name", label: "名称", value: (row) => row.name, text: (row) => row.name },
    {
      key: "covered",
      label: "已查",
      value: (row) => row.covered_percent ?? -1,
      text: (row) => percent(row.covered_percent, row.shares.tracked.area_m2),
    },
    {
      key: "never_seen",
      label: "从未查",
      value: (row) => row.shares.never_seen.percent,
      text: (row) => percent(row.shares.never_seen.percent, row.shares.never_seen.area_m2),
    },
    grids ? lastSeen : unassigned,
    {
      key: "blind",
      label: "最大盲区",
      value: (row) => row.largest_blind_spot_m2 ?? 0,
      text: (row) => area(row.largest_blind_spot_m2),
    },
  ];
}

export class ChildrenTable {
  /**
   * @param {HTMLElement} place
   * @param {(row: Row) => void} open
   */
  constructor(place, open) {
    this.place = place;
    this.open = open;
    this.key = "covered";
    this.ascending = true;
    /** @type {Row[]} */
    this.rows = [];
    this.today = "";
  }

  /** @param {Row[]} rows @param {string} today */
  show(rows, today) {
    this.rows = rows;
    this.today = today;
    this.#draw();
  }

  #draw() {
    const grids = this.rows.some((row) => row.level === "grid");
    const all = columns(this.today, grids);
    const sorting = all.find((column) => column.key === this.key) ?? all[1];
    const sorted = [...this.rows].sort((a, b) => compare(sorting.value(a), sorting.value(b)) || compare(a.code, b.code));
    if (!this.ascending) sorted.reverse();
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset?.sort;
    this.place.replaceChildren(
      this.rows.length
        ? el(
            "table",
            { class: "children" },
            el("caption", { class: "unseen" }, "下级单元，点击表头排序"),
            el("thead", {}, el("tr", {}, ...all.map((column) => this.#head(column, sorting)))),
            el("tbody", {}, ...sorted.map((row) => this.#row(row, all))),
          )
        : el("p", { class: "empty" }, "没有下级单元。"),
    );
    if (focused) /** @type {HTMLElement|null} */ (this.place.querySelector(`[data-sort="${focused}"]`))?.focus();
  }

  /** @param {Column} column @param {Column} sorting */
  #head(column, sorting) {
    const active = column.key === sorting.key;
    const order = active ? (this.ascending ? "ascending" : "descending") : "none";
    const arrow = active ? (this.ascending ? "↑" : "↓") : "";
    return el(
      "th",
      { scope: "col", "aria-sort": order },
      el(
        "button",
        { type: "button", class: "sort", "data-sort": column.key, onclick: () => this.#sort(column.key) },
        column.label,
        el("span", { class: "arrow", "aria-hidden": "true" }, arrow),
      ),
    );
  }

  /** @param {string} key */
  #sort(key) {
    // A new column starts with what needs attention: little covered, much never seen, large gaps.
    this.ascending = key === this.key ? !this.ascending : ["name", "covered", "last_seen"].includes(key);
    this.key = key;
    this.#draw();
  }

  /** @param {Row} row @param {Column[]} all */
  #row(row, all) {
    const [, ...numbers] = all;
    const link = el("button", { type: "button", class: "link row-link", onclick: () => this.open(row) }, row.name);
    return el(
      "tr",
      { "data-code": row.code, onclick: (/** @type {MouseEvent} */ event) => event.target !== link && this.open(row) },
      el("th", { scope: "row" }, link, bar(row, "bar-small")),
      ...numbers.map((column) => el("td", { "data-column": column.key }, column.text(row))),
    );
  }
}

/** @param {number|string} a @param {number|string} b */
function compare(a, b) {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "zh-CN", { numeric: true });
  return Number(a) - Number(b);
}
